// A person at a browser, without the browser: cookies, redirects, pages that go on by themselves, and forms over real HTTP. The demo and the tests walk with it.

interface FormFields {
  action: string
  method: string
  fields: [name: string, value: string][]
}

export interface WebPage {
  url: string
  status: number
  text: string
  headers: Headers
  forms: FormFields[]
}

export class WebAgent {
  private readonly jar = new Map<string, Map<string, string>>()
  /** Hosts that redirects are followed to; anything else ends the walk there, like an app that is not running. */
  constructor(private readonly follow: (url: URL) => boolean = () => true) {}

  get(url: string): Promise<WebPage> {
    return this.send(new URL(url), "GET", null)
  }

  /** Posts fields to a URL as a form, with the page they came from as Origin. */
  post(url: string, fields: [string, string][]): Promise<WebPage> {
    return this.send(new URL(url), "POST", new URLSearchParams(fields))
  }

  /**
   * Fills and sends a form of a page: hidden fields go along, ticked boxes stay ticked, `values` replace by name.
   * @param action path the form posts to
   */
  submit(page: WebPage, action: string, values: Record<string, string> = {}): Promise<WebPage> {
    const form = page.forms.find((one) => new URL(one.action, page.url).pathname === action)
    if (!form)
      throw new Error(
        `${page.url} (${page.status}) has no form for ${action}; it says: ${plainText(page.text).slice(0, 400)}`,
      )
    const kept = form.fields.filter(([name]) => !(name in values))
    return this.post(new URL(form.action, page.url).href, [...kept, ...Object.entries(values)])
  }

  cookie(url: string, namePart: string): string | undefined {
    const cookies = this.jar.get(new URL(url).host)
    return [...(cookies ?? [])].find(([name]) => name.includes(namePart))?.[1]
  }

  /** All that it would send. */
  cookieHeader(url: string): string {
    return [...this.cookies(new URL(url))].map(([name, value]) => `${name}=${value}`).join("; ")
  }

  setCookie(url: string, name: string, value: string): void {
    this.cookies(new URL(url)).set(name, value)
  }

  private async send(url: URL, method: string, body: URLSearchParams | null): Promise<WebPage> {
    for (let hops = 0; hops < 15; hops++) {
      const headers: Record<string, string> = {
        cookie: this.cookieHeader(url.href),
      }
      if (method === "POST") headers.origin = url.origin
      const response = await fetch(url, { method, headers, redirect: "manual", ...(body ? { body } : {}) })
      this.keepCookies(url, response.headers)
      const text = await response.text()
      const location = response.headers.get("location") ?? refreshOf(text)
      const next = location ? new URL(location, url) : null
      if (!next || !this.follow(next)) return pageOf(next ?? url, response, text)
      url = next
      method = "GET"
      body = null
    }
    throw new Error(`too many redirects at ${url}`)
  }

  private cookies(url: URL): Map<string, string> {
    let cookies = this.jar.get(url.host)
    if (!cookies) {
      cookies = new Map()
      this.jar.set(url.host, cookies)
    }
    return cookies
  }

  private keepCookies(url: URL, headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair] = line.split(";")
      const at = pair!.indexOf("=")
      const name = pair!.slice(0, at)
      if (/max-age=0/i.test(line)) this.cookies(url).delete(name)
      else this.cookies(url).set(name, pair!.slice(at + 1))
    }
  }
}

const pageOf = (url: URL, response: Response, text: string): WebPage => ({
  url: url.href,
  status: response.status,
  text,
  headers: response.headers,
  forms: formsOf(text),
})

/** Where a page goes by itself; nothing else of ours refreshes. */
function refreshOf(text: string): string | null {
  const content = /<meta http-equiv="refresh" content="0; url=([^"]+)"/.exec(text)?.[1]
  return content ? unescapeHtml(content) : null
}

/** Forms of a page with what a browser would send if nothing were touched; an undo, which repeats a form of the page, comes last. */
function formsOf(text: string): FormFields[] {
  const forms: (FormFields & { isUndo: boolean })[] = []
  const add = (name: string | null, value: string) => {
    if (name) forms.at(-1)?.fields.push([name, value])
  }
  new HTMLRewriter()
    .on("form", {
      element: (form) => {
        forms.push({
          action: unescapeHtml(form.getAttribute("action") ?? ""),
          method: form.getAttribute("method") ?? "get",
          isUndo: form.getAttribute("class") === "toast-undo",
          fields: [],
        })
      },
    })
    .on("form input", {
      element: (input) => {
        const type = input.getAttribute("type") ?? "text"
        const boxed = type === "checkbox" || type === "radio"
        if (type === "submit" || (boxed && input.getAttribute("checked") === null)) return
        add(input.getAttribute("name"), unescapeHtml(input.getAttribute("value") ?? (boxed ? "on" : "")))
      },
    })
    .transform(text)
  return forms.toSorted((a, b) => Number(a.isUndo) - Number(b.isUndo))
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", "#x27": "'", "#34": '"' }
const unescapeHtml = (text: string): string =>
  text.replace(/&(#?\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole)

/** The words of a page, for messages. */
export const plainText = (text: string): string =>
  unescapeHtml(text.replace(/<(script|style|head)[\s\S]*?<\/\1>/g, "").replace(/<[^<>]+>/g, " "))
    .replace(/\s+/g, " ")
    .trim()
