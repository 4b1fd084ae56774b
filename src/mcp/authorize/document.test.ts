// Becoming known to a sign-in by a document of ours (client ID metadata documents): no registration, and the document says what the request says.
import { expect, test } from "bun:test"
import type { Core } from "../core.ts"
import { clientDocument, fetchFor, walkOf } from "./grant.ts"
import { library } from "./library.ts"

const SERVER = "https://tools.example.com/mcp"
const ISSUER = "https://login.example.com"

async function walk(metadata: object, baseUrl = "https://ai.example.com") {
  const asked: string[] = []
  const documents: Record<string, object> = {
    "https://tools.example.com/.well-known/oauth-protected-resource/mcp": {
      resource: SERVER,
      authorization_servers: [ISSUER],
    },
    [`${ISSUER}/.well-known/oauth-authorization-server`]: {
      issuer: ISSUER,
      authorization_endpoint: `${ISSUER}/authorize`,
      token_endpoint: `${ISSUER}/token`,
      response_types_supported: ["code"],
      code_challenge_methods_supported: ["S256"],
      ...metadata,
    },
  }
  const stream: Core["stream"] = async (url) => {
    asked.push(url)
    if (url === `${ISSUER}/register`)
      return Response.json({ client_id: "registered", redirect_uris: [] }, { status: 201 })
    return documents[url] ? Response.json(documents[url]) : new Response(null, { status: 404 })
  }
  const core = { baseUrl, stream } as unknown as Core
  const one = walkOf(core, { publicId: "mcs_1" }, {}, () => "sealed")
  await library().auth(one.provider, { serverUrl: SERVER, fetchFn: fetchFor(core) })
  return { location: one.location!, asked, document: clientDocument(core, "mcs_1"), kept: one.kept }
}

test("where documents are taken, ours is who we are", async () => {
  const registers = { registration_endpoint: `${ISSUER}/register` }
  const { location, asked, document, kept } = await walk({ client_id_metadata_document_supported: true, ...registers })
  expect(asked).not.toContain(`${ISSUER}/register`)
  const { searchParams } = location
  expect(searchParams.get("client_id")).toBe("https://ai.example.com/mcp/clients/mcs_1")
  expect(document).toMatchObject({
    client_id: searchParams.get("client_id")!,
    redirect_uris: [searchParams.get("redirect_uri")!],
    token_endpoint_auth_method: "none",
  })
  expect([searchParams.get("resource"), searchParams.get("code_challenge_method")]).toEqual([SERVER, "S256"])
  expect(kept.client).toMatchObject({ client_id: document.client_id })
})

test("where they are not, or ours has no https address, we register", async () => {
  const registers = { registration_endpoint: `${ISSUER}/register` }
  expect((await walk(registers)).location.searchParams.get("client_id")).toBe("registered")
  const plain = await walk({ client_id_metadata_document_supported: true, ...registers }, "http://localhost:3000")
  expect(plain.location.searchParams.get("client_id")).toBe("registered")
})
