// GET /openapi.json: the OpenAPI 3.1 document of the API, made once from the routes themselves.
import { toOpenAPISchema } from "@elysiajs/openapi"
import { type AnyElysia, Elysia } from "elysia"
import packageJson from "../../../package.json"
import { CORS } from "../../gateway/index.ts"

type Json = Record<string, unknown>

/** The document of the routes of these sites. `origin` without a trailing slash. */
export function openApiDocument(sites: AnyElysia[], origin: string): Json {
  const paths: Record<string, Json> = {}
  for (const site of sites) Object.assign(paths, toOpenAPISchema(site, undefined, undefined, undefined, "3.1.2").paths)
  return plain({
    openapi: "3.1.1",
    info: {
      title: "Purser",
      version: packageJson.version,
      description: "One credit balance per person, spent in any app, through an OpenAI-compatible API.",
    },
    servers: [{ url: origin }],
    tags: [{ name: "AI" }, { name: "Account" }],
    paths,
    components: {
      securitySchemes: {
        accessToken: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "at+jwt",
          description: "The access token of a person who signed in to your app (OAuth 2.1)",
        },
      },
    },
  }) as Json
}

/** Symbols of TypeBox go, and `nullable`, which OpenAPI 3.1 no longer knows; `anyOf` says it already. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, member) => (key === "nullable" ? undefined : member)))
}

export function openApiRoute(sites: AnyElysia[], origin: string) {
  let text: string | undefined
  const headers = { ...CORS, "content-type": "application/json", "cache-control": "public, max-age=300" }
  return new Elysia().get("/openapi.json", () => {
    text ??= JSON.stringify(openApiDocument(sites, origin))
    return new Response(text, { headers })
  })
}
