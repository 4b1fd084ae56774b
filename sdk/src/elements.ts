// <purser-button> and <purser-balance>: in shadow trees, so that styles of the page and theirs do not meet. `::part(button)` styles them.
import type { Options, Purser, State } from "../sdk.d.ts"

const CSS = `:host{display:inline-block}:host([hidden]){display:none}
button{font:inherit;font-weight:600;line-height:1.4;padding:.5em 1em;border:1px solid transparent;border-radius:.5em;cursor:pointer;background:#1d1d21;color:#fff}
button:hover{opacity:.88}button:focus-visible{outline:2px solid #5b6cff;outline-offset:2px}button[aria-busy=true]{opacity:.6}
.quiet{background:none;color:inherit;border-color:currentColor}
@media(prefers-color-scheme:dark){button:not(.quiet){background:#f4f4f6;color:#1d1d21}}
p{margin:.4em 0 0;font-size:.875em}p:empty{display:none}`

/** Servers have no elements. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement

/**
 * @param purser the app of a client id
 * @param own the app that the page makes first, for elements that name none
 */
export function defineElements(purser: (client: string, options: Options) => Purser, own: Promise<Purser>): void {
  abstract class Part extends Base {
    private stop: (() => void) | undefined
    protected readonly button = document.createElement("button")
    protected readonly says = document.createElement("p")

    constructor() {
      super()
      const root = this.attachShadow({ mode: "open" })
      const sheet = new CSSStyleSheet()
      sheet.replaceSync(CSS)
      root.adoptedStyleSheets = [sheet]
      this.button.type = "button"
      this.button.part.add("button")
      this.says.part.add("message")
      this.says.setAttribute("role", "status")
      root.append(this.button, this.says)
      this.button.disabled = true
    }

    private find(): Purser | Promise<Purser> {
      const client = this.getAttribute("client")
      if (!client) return own
      const options: Record<string, string> = {}
      for (const name of ["issuer", "mode", "scope", "store"]) {
        const value = this.getAttribute(name)
        if (value) options[name] = value
      }
      return purser(client, options)
    }

    connectedCallback(): void {
      // The script of the page, which comes right after, says first how the app shall be.
      queueMicrotask(async () => {
        const app = await this.find()
        if (!this.isConnected || this.stop) return
        this.button.disabled = false
        this.button.onclick = () => this.run(() => this.press(app, app.state))
        this.stop = app.onChange((state) => this.show(state, app))
        this.show(app.state, app)
      })
      this.show({ person: null, balance: null, error: null })
    }
    disconnectedCallback(): void {
      this.stop?.()
      this.stop = undefined
    }

    private run(act: () => Promise<unknown>): void {
      if (this.button.getAttribute("aria-busy") === "true") return
      this.button.setAttribute("aria-busy", "true")
      // What went wrong is part of the state, and shown.
      act()
        .catch(() => {})
        .finally(() => this.button.removeAttribute("aria-busy"))
    }

    protected abstract show(state: State, app?: Purser): void
    protected abstract press(app: Purser, state: State): Promise<unknown>
  }

  class Button extends Part {
    protected show({ person, error }: State): void {
      const adds = error?.action === "top_up"
      const signedIn = person && error?.action !== "sign_in"
      this.button.className = signedIn && !adds ? "quiet" : ""
      this.button.textContent = adds
        ? error.label
        : signedIn
          ? `Sign out${person.name ? ` ${person.name}` : ""}`
          : (this.getAttribute("label") ?? "Sign in")
      this.says.textContent = error?.message ?? ""
    }
    protected press(app: Purser, { person, error }: State): Promise<unknown> {
      if (error?.action === "top_up") return app.topUp()
      return person && error?.action !== "sign_in" ? app.signOut() : app.signIn()
    }
  }

  class BalanceBadge extends Part {
    protected show({ person, balance }: State, app?: Purser): void {
      this.hidden = !person
      this.button.className = "quiet"
      this.button.title = "Add credits"
      this.button.textContent = balance
        ? `${balance.credits.toLocaleString(undefined, { maximumFractionDigits: 2 })} credits`
        : "… credits"
      if (app && person && !balance) this.ask(app)
    }
    private asked = false
    /** Somebody has just signed in, or the page was opened. */
    private ask(app: Purser): void {
      if (this.asked) return
      this.asked = true
      app
        .balance()
        .catch(() => {})
        .finally(() => {
          this.asked = false
        })
    }
    protected press(app: Purser): Promise<unknown> {
      return app.topUp()
    }
  }

  customElements.define("purser-button", Button)
  customElements.define("purser-balance", BalanceBadge)
}
