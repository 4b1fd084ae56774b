// The pages of the reference: an overview with the filter, and a page of each operation.
import { ReferenceOperationPage, ReferencePage, type Trying } from "../../../../views/public/reference/index.ts"
import { ensure } from "../../../app/index.ts"
import { cspOf } from "../../../http/index.ts"
import type { PublicDeps, PublicSite } from "../site.ts"
import { type ApiDocument, addressOf, type Named, operationsOf } from "./document.ts"
import { accessOf, allRefusals, bodyOf, groupsOf, linkOf, matching, operationOf, treeOf } from "./model.ts"
import { tryOf } from "./try.ts"

const QUERY_CHARS_MAX = 200

interface Known {
  document: ApiDocument
  operations: readonly Named[]
}

export function referenceRoutes(site: PublicSite, deps: Pick<PublicDeps, "web" | "apiDocument" | "sampleModel">): void {
  let known: Known | undefined
  const read = (): Known => {
    if (!known) {
      const document = deps.apiDocument() as unknown as ApiDocument
      known = { document, operations: operationsOf(document) }
    }
    return known
  }

  site.get("/reference", (page) => {
    const { document, operations } = read()
    const query = (new URL(page.request.url).searchParams.get("q") ?? "").trim().slice(0, QUERY_CHARS_MAX)
    const origin = document.servers[0]!.url
    const shown = matching(operations, query)
    const props = {
      tree: { nodes: treeOf(query === "" ? operations : shown, document, null), query },
      version: document.info.version,
      origin,
      access: accessOf({ security: operations.flatMap(({ security }) => security) }, document),
      groups: groupsOf(shown, document),
      total: operations.length,
      refusals: allRefusals(document),
      calls: firstCall(operations, document, deps.sampleModel()),
    }
    return page.render((frame) => ReferencePage({ frame, ...props }))
  })

  site.get("/reference/:operation", (page, params) => {
    const { document, operations } = read()
    const named = operations.find(({ operationId }) => operationId === params.operation)
    ensure(named, "not_found", "There is no such operation. The API reference lists them all.")
    const operation = operationOf(named, document, deps.sampleModel())
    const tree = { nodes: treeOf(operations, document, named.operationId), query: "" }
    const at = operations.indexOf(named)
    const linkAt = (index: number) => (operations[index] ? linkOf(operations[index]) : null)
    const around = { previous: linkAt(at - 1), next: linkAt(at + 1) }
    const { hosts, others } = deps.web.origins
    const { "application/json": json, "multipart/form-data": form } = named.requestBody?.content ?? {}
    const isForm = form !== undefined && json === undefined
    const body = bodyOf(named, deps.sampleModel())
    const asked: Trying = page.user
      ? { form: tryOf(named, operation, body, hosts.api) }
      : { signIn: signInAt(deps.web, page.request) }
    const trying = isForm ? null : asked
    // Calls of this page go to the API, and to nothing else.
    const policy = { "content-security-policy": cspOf(others, hosts.api) }
    return page.render((frame) => ReferenceOperationPage({ frame, operation, tree, trying, ...around }), {
      headers: page.user ? policy : {},
    })
  })
}

/** Sign-in and back. Where the console has an origin of its own, the page is there as well, and knows its person. */
function signInAt({ origins }: PublicDeps["web"], request: Request): string {
  const { console: own, site } = origins.hosts
  const next = new URLSearchParams({ next: new URL(request.url).pathname })
  return `${own === site ? "" : own}/console/login?${next}`
}

/** Where each operation is told of. */
export const hrefsOf = (document: ReturnType<PublicDeps["apiDocument"]>): string[] =>
  operationsOf(document as unknown as ApiDocument).map(addressOf)

function firstCall(operations: readonly Named[], document: ApiDocument, model: string) {
  const chat = operations.find(({ operationId }) => operationId === "createChatCompletion")
  return chat ? operationOf(chat, document, model).calls : []
}
