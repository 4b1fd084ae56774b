// What access tokens may be for (RFC 8707): a registry of protected resources, each an address of this server. A grant is bound to those
// that were asked for; tokens name them and nothing else in `aud`, and what takes a token looks there.
import { AppError, ensure, PRODUCT_NAME } from "../../app/index.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import { ACCOUNT_SCOPES, AI_SCOPES, isAccountScope } from "../scopes.ts"
import type { Scope, ToolPaths } from "../types.ts"

export interface ProtectedResource {
  /** Below the origin, without a slash at its end: "/v1"; "" is the origin, which is userinfo. */
  path: string
  /** For people. */
  name: string
  /** What its calls need. */
  scopes: readonly Scope[]
  /** Path of the resource whose tokens open this one too; null: its own tokens alone. */
  within: string | null
  /** The scope `mcp` opens it only where the person allowed these very tools, or all. */
  isTools?: boolean
  /** Its tokens may also come in the body of a form (RFC 6750 §2.2). */
  inBody?: boolean
}

/** A domain's answer to whether a path is a resource of its own; memory or one indexed read. */
export type FindResource = (path: string) => ProtectedResource | null

/** A token that names no resource is for this one. */
const USUAL = "/v1"

/** The account itself, as a tool server. Its own tokens alone open it: what may spend may not look through the books. */
export const ACCOUNT_RESOURCE = "/v1/mcp/purser/mcp"

const OWN: Readonly<Record<string, ProtectedResource>> = {
  "": {
    path: "",
    name: PRODUCT_NAME,
    scopes: ["openid", "profile", "email"],
    within: USUAL,
    inBody: true,
  },
  [USUAL]: { path: USUAL, name: PRODUCT_NAME, scopes: AI_SCOPES, within: null },
  [ACCOUNT_RESOURCE]: {
    path: ACCOUNT_RESOURCE,
    name: `Your account at ${PRODUCT_NAME}`,
    scopes: ACCOUNT_SCOPES,
    within: null,
  },
  "/api/v1": { path: "/api/v1", name: PRODUCT_NAME, scopes: ["llm"], within: USUAL },
}

export class Resources {
  private readonly finders: FindResource[] = [(path) => (Object.hasOwn(OWN, path) ? OWN[path]! : null)]

  /** @param apiOrigin of all but the origin of sign-in itself */
  constructor(
    private readonly issuer: string,
    private readonly apiOrigin = issuer,
  ) {}

  originOf(path: string): string {
    return path === "" ? this.issuer : this.apiOrigin
  }

  add(find: FindResource): void {
    this.finders.push(find)
  }

  find(path: string): ProtectedResource | null {
    for (const find of this.finders) {
      const found = find(path)
      if (found) return found
    }
    return null
  }

  uriOf(path: string): string {
    return `${this.originOf(path)}${path}`
  }

  get usual(): string {
    return this.uriOf(USUAL)
  }

  /** The resource that a request's path belongs to: the longest that begins it. */
  around(pathname: string): ProtectedResource {
    for (let path = pathname; ; path = path.slice(0, path.lastIndexOf("/"))) {
      const found = this.find(path)
      if (found) return found
    }
  }

  /** Whether a token for these opens what is asked at that address. */
  opens(audiences: readonly string[], pathname: string): boolean {
    return this.covers(audiences, this.around(pathname))
  }

  private covers(audiences: readonly string[], resource: ProtectedResource): boolean {
    if (audiences.includes(this.uriOf(resource.path))) return true
    const outer = resource.within === null ? null : this.find(resource.within)
    return outer !== null && this.covers(audiences, outer)
  }

  /**
   * What the parameters ask for, each once, as we name it; null = nothing.
   * @throws AppError invalid_target
   */
  asked(params: URLSearchParams): string[] | null {
    const sent = params.getAll("resource").filter(Boolean)
    ensure(sent.length <= OAUTH_LIMITS.resourcesMax, "invalid_target", "These are too many resources.")
    const uris = sent.map((text) => this.uriOf(this.parse(text).path))
    return uris.length === 0 ? null : [...new Set(uris)]
  }

  private parse(text: string): ProtectedResource {
    const isAddress = text.length <= OAUTH_LIMITS.redirectUriCharsMax && URL.canParse(text) && !text.includes("#")
    if (!isAddress) {
      throw new AppError("invalid_target", "resource must be an absolute address without a fragment.")
    }
    const url = new URL(text)
    // The origin is written with a slash by whoever has it from a URL object.
    const path = url.pathname === "/" ? "" : url.pathname
    const isPlain = url.search === "" && url.username === "" && url.password === "" && !text.includes("?")
    const found = url.origin === new URL(this.originOf(path)).origin && isPlain ? this.find(path) : null
    if (!found)
      throw new AppError(
        "invalid_target",
        "There is no such resource here. Ask for the address of an API of this server.",
      )
    return found
  }

  /**
   * Of what was asked, what these resources know: scopes of the account mean something at its own server alone, and a token for anything
   * else that had them would only be worth stealing.
   * @param uris null: the usual one
   */
  fitting(scopes: readonly Scope[], uris: readonly string[] | null): Scope[] {
    const opensAccount = uris?.includes(this.uriOf(ACCOUNT_RESOURCE)) ?? false
    return scopes.filter((scope) => opensAccount || !isAccountScope(scope))
  }

  /** What is meant by no scope at all. */
  usualScopes(uris: readonly string[] | null): readonly Scope[] {
    const account = this.uriOf(ACCOUNT_RESOURCE)
    if (uris === null || uris.some((uri) => uri !== account)) return AI_SCOPES
    return ACCOUNT_SCOPES
  }

  /** Which tools a request for these is about: their paths; null = all. */
  toolsIn(uris: readonly string[] | null): ToolPaths {
    if (uris === null || uris.includes(this.usual)) return null
    return uris.map((uri) => uri.slice(this.apiOrigin.length)).filter((path) => this.find(path)?.isTools)
  }

  /** As a form sent them, each once. @throws AppError validation_failed */
  knownTools(paths: readonly string[]): string[] {
    const isFine = paths.length <= OAUTH_LIMITS.toolsPerConsentMax && paths.every((path) => this.find(path)?.isTools)
    if (isFine) return [...new Set(paths)].toSorted()
    const words = "Choose tools of the list."
    throw new AppError("validation_failed", words, { formErrors: { tool: words } })
  }

  /**
   * What a token is for: what is asked now, of what was granted; without a wish all of it.
   * @throws AppError invalid_target for anything more
   */
  narrowed(asked: readonly string[] | null, granted: readonly string[] | null): readonly string[] {
    const whole = granted ?? [this.usual]
    for (const uri of asked ?? []) {
      const resource = this.find(uri === this.issuer ? "" : uri.slice(this.apiOrigin.length))
      ensure(
        resource && this.covers(whole, resource),
        "invalid_target",
        "This sign-in was not for that resource. Name it in the authorization request.",
      )
    }
    return asked ?? whole
  }

  /** RFC 9728 §2. `resource` is the very address into which the well-known path was put (§3.3), or clients refuse the document. */
  metadata(path: string): Record<string, unknown> | null {
    const resource = this.find(path)
    return (
      resource && {
        resource: this.uriOf(path),
        resource_name: resource.name,
        authorization_servers: [this.issuer],
        scopes_supported: resource.scopes,
        bearer_methods_supported: resource.inBody ? ["header", "body"] : ["header"],
        resource_documentation: `${this.issuer}/docs`,
      }
    )
  }
}

/** Where the document of a resource stands (RFC 9728 §3.1). */
export const metadataUrl = (origin: string, path: string): string =>
  `${origin}/.well-known/oauth-protected-resource${path}`
