// How the TypeScript client is generated: on fetch, and every reply is held against its schema.
export default {
  input: "../platform.openapi.json",
  input: "document.json",
  output: { path: "client", module: { extension: ".js" } },
  plugins: [
    "@hey-api/client-fetch",
    "@hey-api/typescript",
    { name: "@hey-api/sdk", validator: { response: "zod" } },
    { name: "zod", dates: { offset: true } },
  ],
};
