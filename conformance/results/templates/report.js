// Comfort on top of a page that is complete without it: filters, search, order, keys, copying, permalinks.
(() => {
  "use strict";
  const at = (id) => document.getElementById(id);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const list = at("list"), tools = at("tools"), search = at("search"), sort = at("sort"), shown = at("shown");
  const filters = all("select[data-filter]", tools);
  const plural = new Intl.PluralRules(document.documentElement.lang);
  const counted = JSON.parse(shown.dataset.text), counts = shown.dataset.counts.split(" ");
  const words = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);

  const blocks = all(":scope > details", list).map((node) => ({
    node,
    cases: all("[data-verdict]", node).map((own) => ({ node: own, text: null })),
    fine: node.querySelector(".fine"),
    head: null,
  }));

  // Read once, when somebody searches: the text of thousands of cases is not free.
  const headOf = (block) => (block.head ??= `${block.node.id} ${block.node.querySelector("summary").textContent} ${block.node.dataset.part} ${all(":scope > .inside > p", block.node).map((p) => p.textContent).join(" ")}`.toLowerCase());
  const textOf = (one) => (one.text ??= `${one.node.id} ${one.node.textContent}`.toLowerCase());

  const has = (value, wanted) => !wanted || (value || "").split(" ").includes(wanted);

  // Text and plural forms (categories of CLDR) come from the message registry.
  const countedText = (numbers) => counts.reduce((text, name, index) => {
    const forms = counted.forms[name] ?? {}, number = numbers[index];
    const phrase = forms[plural.select(number)] ?? forms.other ?? `{${name}}`;
    return text.replace(`{${name}}`, phrase.replace(`{${name}}`, number));
  }, counted.text);

  function apply() {
    const wanted = Object.fromEntries(filters.map((select) => [select.dataset.filter, select.value]));
    const terms = words(search.value);
    let requirements = 0, cases = 0;
    for (const block of blocks) {
      const data = block.node.dataset;
      // What a block does not say for all its cases, each case says for itself.
      const asked = Object.entries(wanted);
      const fits = asked.every(([name, value]) => !(name in data) || has(data[name], value));
      const rest = fits ? terms.filter((term) => !headOf(block).includes(term)) : [];
      let visible = 0;
      for (const one of block.cases) {
        const own = one.node.dataset;
        const keep = fits && asked.every(([name, value]) => name in data || has(own[name], value)) && rest.every((term) => textOf(one).includes(term));
        one.node.hidden = !keep;
        visible += keep;
      }
      block.node.hidden = !visible;
      if (block.fine) {
        const left = block.fine.querySelectorAll("li:not([hidden])").length;
        block.fine.hidden = !left;
        if (left && (rest.length || wanted.verdict)) block.fine.open = true;
      }
      requirements += visible > 0;
      cases += visible;
    }
    at("none").hidden = requirements > 0;
    shown.textContent = countedText([requirements, cases]);
  }

  const orders = {
    worst: (a, b) => a.rank - b.rank,
    standard: (a, b) => a.order - b.order,
    slowest: (a, b) => b.seconds - a.seconds,
    most: (a, b) => b.bad - a.bad || a.rank - b.rank,
  };
  const sorted = (nodes) => nodes.sort((a, b) => orders[sort.value](a.dataset, b.dataset));

  function order() {
    list.append(...sorted(blocks.map((block) => block.node)));
    for (const block of blocks) {
      const own = all(".case[data-order]", block.node);
      const next = own.at(-1)?.nextSibling;
      sorted(own).forEach((node) => next.parentNode.insertBefore(node, next));
    }
  }

  // A permalink opens everything around what it names, even what a filter hides.
  function reveal() {
    const target = at(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[hidden]")) { tools.reset(); apply(); }
    for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
    target.scrollIntoView();
    const focus = target.matches("details") ? target.querySelector("summary") : target;
    if (focus !== target) focus.focus({ preventScroll: true });
  }

  function step(by) {
    const stops = all("summary", list).filter((node) => node.matches(".req > summary, .case > summary") && node.checkVisibility());
    if (!stops.length) return;
    const now = stops.indexOf(document.activeElement);
    const next = now < 0 ? (by > 0 ? 0 : stops.length - 1) : Math.min(Math.max(now + by, 0), stops.length - 1);
    stops[next].focus();
    stops[next].scrollIntoView({ block: "nearest" });
  }

  const keys = {
    "/": () => search.focus(),
    j: () => step(1),
    k: () => step(-1),
    e: () => { const near = document.activeElement.closest(".req"); if (near) all("details.keep", near).concat(near).forEach((node) => { node.open = true; }); },
  };

  function press(event) {
    if (event.target === search && event.key === "Escape") { search.value = ""; apply(); return; }
    if (!at("keys").checked || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea") || !(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  }

  // Copying: the command of a case, and a request as a command, with its redacted places left to be filled in.
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

  function curl(exchange) {
    const of = (selector) => exchange.querySelector(selector)?.textContent ?? "";
    const parts = ["curl", "-i", "-X", of(".method"), quoted(list.dataset.base.replace(/\/+$/, "") + of(".url"))];
    if (of(".credential")) parts.push("-H", '"authorization: Bearer $TOKEN"');
    const named = of(".request .headers").split("\n").filter(Boolean);
    named.forEach((line) => parts.push("-H", quoted(line)));
    const body = of(".request .body");
    if (body) {
      if (!named.some((line) => /^content-type:/i.test(line))) parts.push("-H", quoted("content-type: application/json"));
      parts.push("--data-binary", quoted(body));
    }
    return parts.join(" ");
  }

  async function copy(button, text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = Object.assign(document.createElement("textarea"), { value: text });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      button.focus();
    }
    button.textContent = list.dataset.copied;
    setTimeout(() => { button.textContent = button.dataset.label; }, 1500);
  }

  function copier(after, label, text) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "copier", textContent: label });
    button.dataset.label = label;
    button.addEventListener("click", () => copy(button, text()));
    after.append(button);
  }

  all(".reproduce", list).forEach((p) => copier(p, list.dataset.copy, () => p.querySelector(".copy").textContent));
  all(".step", list).filter((node) => node.querySelector(".request") && !node.querySelector(".request [data-cut]"))
    .forEach((node) => copier(node.querySelector(".request h5"), list.dataset.curl, () => curl(node)));

  tools.hidden = false;
  tools.addEventListener("submit", (event) => event.preventDefault());
  tools.addEventListener("reset", () => setTimeout(() => { apply(); order(); }));
  filters.forEach((select) => select.addEventListener("change", apply));
  sort.addEventListener("change", order);
  let typed;
  search.addEventListener("input", () => { clearTimeout(typed); typed = setTimeout(apply, 120); });
  at("open-all").addEventListener("click", () => blocks.forEach((block) => { if (!block.node.hidden) block.node.open = true; }));
  at("close-all").addEventListener("click", () => blocks.forEach((block) => { block.node.open = false; }));
  addEventListener("keydown", press);
  addEventListener("hashchange", reveal);
  addEventListener("beforeprint", () => all("details.keep").forEach((node) => { node.open = true; }));
  apply();
  reveal();
})();
