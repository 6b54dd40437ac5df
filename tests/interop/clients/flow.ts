// Admission, authorization, delivery, query and revocation, through the TypeScript client that was generated.
// Nothing else speaks to the platform. Run with a file that says who takes part.

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { importJWK, SignJWT, type JWK, type JWTPayload } from "jose";
import {
  createAuthorization,
  createBatch,
  createQuery,
  getBatch,
  getPlatformDescriptor,
  issueToken,
  putInstitution,
  revokeAuthorization,
  type AuthorizationRequest,
  type Batch,
  type BatchRequest,
  type InstitutionRequest,
  type ItemCode,
  type ItemResult,
  type Purpose,
  type Subject,
  type TokenRequest,
} from "./client/index.js";
import { client } from "./client/client.gen.js";

interface Party {
  client_id: string;
  key: JWK;
}

interface Given {
  base_url: string;
  hub: Party;
  provider: Party;
  issuer: { name: string; key: JWK };
  institution: { body: InstitutionRequest; key: JWK };
  subject: Subject & { capacity: string; assurance: string };
  authorization: AuthorizationRequest;
  record: BatchRequest["records"][number];
  item_code: ItemCode;
  purpose: Purpose;
  revocation_effect_seconds: number;
}

/** What every call of the generated client gives back. */
interface Reply<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

const PAUSE = 100;
const SETTLE_SECONDS = 10;
const given = JSON.parse(readFileSync(process.argv[2] ?? "", "utf-8")) as Given;
const { type, ids } = given.subject;
const bank: Party = { client_id: given.institution.body.uscc, key: given.institution.key };
let issuer = "";
let ahead = 0;
let authorizationId = "";

async function dock(): Promise<string> {
  client.setConfig({ baseUrl: given.base_url });
  const descriptor = got(await getPlatformDescriptor(), 200);
  const where = `${given.base_url}/v1/oauth/token`;
  check(descriptor.token_endpoint === where, `tokens are to be had at ${descriptor.token_endpoint}`);
  client.setConfig({ baseUrl: descriptor.api_base });
  issuer = descriptor.issuer;
  ahead = Date.parse(descriptor.time) - Date.now();
  return `${descriptor.platform_id}, checklist ${descriptor.checklist_version}`;
}

async function refuse(): Promise<string> {
  const body = await credentials({ client_id: given.hub.client_id, key: given.provider.key });
  const { error, response } = await issueToken({ body });
  check(response.status === 401 && error !== undefined, `a stranger's key is answered with ${response.status}`);
  check("error" in error && error.error === "invalid_client", `a stranger's key: ${JSON.stringify(error)}`);
  return `a stranger's key: ${error.error}, ${error.detail_i18n.zh}`;
}

async function admit(): Promise<string> {
  const { body } = given.institution;
  const auth = await token(await credentials(given.hub));
  const institution = got(await putInstitution({ auth, body, path: { institution_id: body.uscc } }), 201);
  check(institution.status === "active", `the institution is ${institution.status}`);
  return `${institution.institution_id}, ${institution.status} since ${institution.admitted_at}`;
}

async function authorize(): Promise<string> {
  const headers = { "Idempotency-Key": random() };
  const body: AuthorizationRequest = { ...given.authorization, subject: { type, ids }, origin: "platform_page" };
  const authorization = got(await createAuthorization({ auth: await agent(), headers, body }), 201);
  check(authorization.state === "active", `the authorization is ${authorization.state}`);
  authorizationId = authorization.authorization_id;
  return `${authorizationId}, until ${authorization.valid_until}`;
}

async function deliver(): Promise<string> {
  const auth = await token(await credentials(given.provider));
  const headers = { "Idempotency-Key": random() };
  const body: BatchRequest = { item_code: given.item_code, records: [given.record] };
  const receipt = got(await createBatch({ auth, headers, body }), 202);
  const [first, ...others] = (await settled(auth, receipt.batch_id)).outcomes;
  check(first?.outcome === "accepted" && others.length === 0, `the outcomes are ${JSON.stringify([first, others])}`);
  return `${receipt.batch_id}, record ${first.record_id} ${first.outcome}`;
}

async function query(): Promise<string> {
  const { status, authorization_id, records } = await result();
  check(status === "ok", `the result is ${status}`);
  check(authorization_id === authorizationId, `it rests on ${authorization_id}`);
  const [record, ...others] = records;
  check(record !== undefined && others.length === 0, `there are ${records.length} records`);
  const fields = Object.values(record.fields);
  const legible = fields.filter((field) => field.form === "raw" && field.value !== null);
  check(legible.length > 0, `nothing is legible: ${JSON.stringify(record.fields)}`);
  return `${status}, ${fields.length} fields, ${new Set(fields.map((field) => field.form)).size} forms`;
}

async function revoke(): Promise<string> {
  const path = { authorization_id: authorizationId };
  const { state } = got(await revokeAuthorization({ auth: await agent(), path }), 200);
  check(state === "revoked", `the authorization is ${state}`);
  const end = Date.now() + given.revocation_effect_seconds * 1000;
  let seen = await result();
  while (seen.status !== "not_authorized") {
    check(Date.now() < end, `the result is still ${seen.status}`);
    await pause(PAUSE);
    seen = await result();
  }
  check(seen.records.length === 0, "records are disclosed without authorization");
  return `${state}, and the query is ${seen.status}`;
}

async function settled(auth: string, batch_id: string): Promise<Batch> {
  const end = Date.now() + SETTLE_SECONDS * 1000;
  for (;;) {
    const batch = got(await getBatch({ auth, path: { batch_id } }), 200);
    if (batch.status === "completed") return batch;
    check(Date.now() < end, `the delivery is still ${batch.status}`);
    await pause(PAUSE);
  }
}

async function result(): Promise<ItemResult> {
  const { item_code, purpose } = given;
  const body = { subject: { type, ids }, items: [item_code], purpose, authorizations: [authorizationId] };
  const { results } = got(await createQuery({ auth: await token(await credentials(bank)), body }), 200);
  const [first, ...others] = results;
  check(first !== undefined && others.length === 0, `there are ${results.length} results for one item`);
  return first;
}

async function agent(): Promise<string> {
  const { name, key } = given.issuer;
  const { capacity, assurance } = given.subject;
  const claims = { iss: name, sub: random(), capacity, assurance, fcsp_subject: { type, ...ids[0] } };
  const assertion = await signed(key, claims);
  return token({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion });
}

async function token(body: TokenRequest): Promise<string> {
  return got(await issueToken({ body }), 200).access_token;
}

async function credentials({ client_id, key }: Party): Promise<TokenRequest> {
  return {
    grant_type: "client_credentials",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: await signed(key, { iss: client_id, sub: client_id }),
  };
}

async function signed(key: JWK, claims: JWTPayload): Promise<string> {
  const now = Math.floor((Date.now() + ahead) / 1000);
  const told = { ...claims, aud: issuer, jti: random(), iat: now, exp: now + 60 };
  const unsigned = new SignJWT(told).setProtectedHeader({ alg: "ES256", typ: "JWT" });
  return unsigned.sign(await importJWK(key, "ES256"));
}

/** The body of a reply, of the type that the document promises for its status. */
function got<Data>({ data, error, response }: Reply<Data>, status: number): Data {
  const promised = data !== undefined && response.status === status;
  check(promised, `expected ${status}, got ${response?.status} with ${JSON.stringify(error ?? data)}`);
  return data;
}

function check(fact: boolean, otherwise: string): asserts fact {
  if (!fact) throw new Error(otherwise);
}

function random(): string {
  return randomBytes(16).toString("hex");
}

for (const step of [dock, refuse, admit, authorize, deliver, query, revoke]) {
  try {
    console.log(`ok: ${step.name}: ${await step()}`);
  } catch (fault) {
    console.log(`failed: ${step.name}: ${fault}`);
    process.exit(1);
  }
}
