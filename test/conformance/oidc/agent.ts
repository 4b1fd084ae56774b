// A person's browser without scripts, as far as sign-in needs one: cookies by path, redirects, pages that go on by themselves, and
// plain forms. What it knows of a server stands in its `Manners`; everything else is HTML and HTTP.
import { Missed } from "./missed.ts"

/** What somebody types. */
export interface Person {
  login: string
  password: string
}

export interface Field {
  name: string
  value: string
  type: string
  checked: boolean
}

export interface WebForm {
  action: string
  method: string
  fields: Field[]
  buttons: { name: string; value: string }[]
}

export type PageKind = "login" | "consent" | "logout" | "other"

/** How pages of one server are told apart, and which button says what. */
export interface Manners {
  /** The form that goes on, of all on the page; null: nothing to be done here. */
  read(forms: WebForm[], text: string): { kind: PageKind; form: WebForm } | null
  loginField: string
  approve: { name: string; value: string }
  deny: { name: string; value: string } | { link: RegExp }
  signOut: { name: string; value: string }
}

export interface Walk {
  person?: Person | undefined
  /** What is answered on the consent page. */
  consent?: "approve" | "deny"
  /** What is answered to "do you want to sign out". */
  signOut?: boolean
  /** Stops in front of this page. */
  stopAt?: PageKind
}

export type Outcome = { shown: PageKind[] } & (
  | { kind: "back"; url: URL; params: URLSearchParams }
  | { kind: "page"; url: URL; status: number; text: string; headers: Headers }
)

interface Cookie {
  name: string
  value: string
  path: string
}

const STEPS_MAX = 20

export class Agent {
  private cookies: Cookie[] = []
  /** @param leads addresses that belong to a client: nothing answers there, arriving is the end of a walk */
  constructor(
    private readonly origin: string,
    private readonly manners: Manners,
    private readonly leads: (url: URL) => boolean,
  ) {}

  /** The same browser at another moment: what one tab does later is not seen by the other. */
  copy(): Agent {
    const other = new Agent(this.origin, this.manners, this.leads)
    other.cookies = this.cookies.map((cookie) => ({ ...cookie }))
    return other
  }

  /** Goes to an address and does what a person would, until a client is reached or nothing is left to do. */
  async walk(start: string | URL, how: Walk = {}, post?: URLSearchParams): Promise<Outcome> {
    const shown: PageKind[] = []
    let url = new URL(start)
    let body = post
    for (let step = 0; step < STEPS_MAX; step++) {
      if (this.leads(url)) {
        // Some answer in the fragment what asks for tokens in front.
        const params = url.hash ? new URLSearchParams(url.hash.slice(1)) : url.searchParams
        return { kind: "back", url, params, shown }
      }
      if (url.origin !== this.origin) throw new Missed(`sent to ${url.origin}, which nobody named`)
      const answer = await this.send(url, body)
      body = undefined
      const location = answer.headers.get("location")
      if (answer.status >= 300 && answer.status < 400 && location) {
        // RFC 9700 §4.12: 307 would send what was typed along.
        if (answer.status === 307 || answer.status === 308) throw new Error(`a redirect with ${answer.status}`)
        url = new URL(location, url)
        continue
      }
      const text = await answer.text()
      const page = { kind: "page", url, status: answer.status, text, headers: answer.headers, shown } as const
      const next = answer.status === 200 ? refresh(text) : null
      if (next !== null) {
        url = new URL(next, url)
        continue
      }
      const read = answer.status < 500 ? this.manners.read(await formsOf(text), text) : null
      if (!read) return page
      shown.push(read.kind)
      if (read.kind === how.stopAt) return page
      const no = read.kind === "consent" && how.consent === "deny" && this.declineLink(text)
      if (no) {
        url = new URL(no, url)
        continue
      }
      const fields = this.fill(read.kind, read.form, how)
      if (fields === null) return page
      url = new URL(read.form.action || url.href, url)
      body = fields
    }
    throw new Error("went round in circles")
  }

  private declineLink(text: string): string | null {
    const { deny } = this.manners
    return "link" in deny ? decoded(deny.link.exec(text)?.[1] ?? "") : null
  }

  private fill(kind: PageKind, form: WebForm, how: Walk): URLSearchParams | null {
    const fields = new URLSearchParams()
    for (const field of form.fields) {
      if (field.checked || !["checkbox", "radio"].includes(field.type)) fields.append(field.name, field.value)
    }
    const press = ({ name, value }: { name: string; value: string }) => (name ? fields.append(name, value) : undefined)
    if (kind === "login") {
      if (!how.person) return null
      fields.set(this.manners.loginField, how.person.login)
      fields.set("password", how.person.password)
      return fields
    }
    if (kind === "consent") {
      const { deny, approve } = this.manners
      if (how.consent !== "deny") press(approve)
      else if ("name" in deny) press(deny)
      else return null
      return fields
    }
    if (kind !== "logout" || how.signOut === false) return null
    press(this.manners.signOut)
    return fields
  }

  /** One request with this browser's cookies, as a browser marks it. */
  async send(url: URL, body?: URLSearchParams): Promise<Response> {
    const mine = this.cookies.filter(
      ({ path }) => url.pathname === path || url.pathname.startsWith(path.endsWith("/") ? path : `${path}/`),
    )
    const headers = new Headers({ accept: "text/html", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" })
    if (mine.length > 0) headers.set("cookie", mine.map(({ name, value }) => `${name}=${value}`).join("; "))
    if (body) {
      headers.set("origin", this.origin)
      headers.set("sec-fetch-site", "same-origin")
    }
    const answer = await fetch(url, {
      method: body ? "POST" : "GET",
      redirect: "manual",
      headers,
      ...(body ? { body } : {}),
    })
    for (const line of answer.headers.getSetCookie()) this.keep(line)
    return answer
  }

  private keep(line: string): void {
    const [pair = "", ...rest] = line.split(";").map((part) => part.trim())
    const at = pair.indexOf("=")
    const attributes = new Map(
      rest.map((part) => [part.split("=")[0]!.toLowerCase(), part.split("=").slice(1).join("=")]),
    )
    const cookie = { name: pair.slice(0, at), value: pair.slice(at + 1), path: attributes.get("path") ?? "/" }
    this.cookies = this.cookies.filter(({ name, path }) => name !== cookie.name || path !== cookie.path)
    const expires = attributes.get("expires")
    const isOver = attributes.get("max-age") === "0" || (expires !== undefined && Date.parse(expires) <= Date.now())
    if (!isOver) this.cookies.push(cookie)
  }
}

/** Where a page goes on to by itself. */
function refresh(text: string): string | null {
  const tag = /<meta[^>]+http-equiv="refresh"[^>]*>/i.exec(text)?.[0]
  const content = tag && /content="[^"]*?url=([^"]+)"/i.exec(tag)?.[1]
  return content ? decoded(content) : null
}

/** Every form of a page with its fields, and the buttons that belong to it. */
export async function formsOf(html: string): Promise<WebForm[]> {
  const forms: (WebForm & { id: string | null })[] = []
  const loose: { form: string; button: { name: string; value: string } }[] = []
  let open: WebForm | null = null
  const attribute = (element: HTMLRewriterTypes.Element, name: string) => decoded(element.getAttribute(name) ?? "")
  const rewriter = new HTMLRewriter()
    .on("form", {
      element(element) {
        const form = {
          id: element.getAttribute("id"),
          action: attribute(element, "action"),
          method: attribute(element, "method").toLowerCase() || "get",
          fields: [],
          buttons: [],
        }
        forms.push(form)
        open = form
        element.onEndTag(() => {
          open = null
        })
      },
    })
    .on("input", {
      element(element) {
        const type = attribute(element, "type") || "text"
        const name = attribute(element, "name")
        if (!open || !name || type === "submit" || element.hasAttribute("disabled")) return
        const value = element.getAttribute("value")
        open.fields.push({
          name,
          type,
          value: value === null ? (type === "checkbox" ? "on" : "") : decoded(value),
          checked: element.hasAttribute("checked"),
        })
      },
    })
    .on("button", {
      element(element) {
        const button = { name: attribute(element, "name"), value: attribute(element, "value") }
        const form = element.getAttribute("form")
        if (form) loose.push({ form, button })
        else open?.buttons.push(button)
      },
    })
  await rewriter.transform(new Response(html)).text()
  for (const { form, button } of loose) forms.find(({ id }) => id === form)?.buttons.push(button)
  return forms
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }

const decoded = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16))
    if (decimal) return String.fromCodePoint(Number(decimal))
    return ENTITIES[String(name).toLowerCase()] ?? whole
  })
