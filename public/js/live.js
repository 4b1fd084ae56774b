// Figures that follow the server: a page with `data-live` listens there for "moved" and lets htmx fetch that part anew. htmx comes when
// it is first needed, from `data-htmx` of this script. Without scripts, or when the stream cannot be had, the page stays as it was made.
// Owns no markup.

const { htmx: htmxUrls } = document.currentScript.dataset

const live = {
  source: null,
  timer: 0,
  waitMs: 0,
  /** Address of the stream, without what this page knows already. */
  path: undefined,
  htmx: null,

  element: () => document.querySelector("[data-live]"),

  /** Only what is in sight listens: browsers give a host six connections for all tabs together. */
  listen() {
    const element = live.element()
    const path = element?.dataset.live.split("?")[0]
    if (path !== live.path) live.stop()
    live.path = path
    if (!element || live.source || document.hidden) return
    clearTimeout(live.timer)
    live.source = new EventSource(element.dataset.live)
    live.source.addEventListener("open", () => {
      live.waitMs = 0
    })
    live.source.addEventListener("moved", async () => {
      await live.load()
      live.element()?.dispatchEvent(new Event("moved"))
    })
    live.source.addEventListener("over", ({ data }) => {
      live.stop()
      // Somebody else's eyes may be on this screen by now.
      if (data === "signed-out") location.reload()
    })
    live.source.addEventListener("error", () => {
      // A stream that broke comes back by itself; one that was refused is asked for again, ever more rarely.
      if (live.source?.readyState !== EventSource.CLOSED) return
      live.stop()
      live.waitMs = Math.min(300_000, Math.max(5_000, live.waitMs * 2))
      live.timer = setTimeout(live.listen, live.waitMs * (1 + Math.random() / 2))
    })
  },

  stop() {
    clearTimeout(live.timer)
    live.source?.close()
    live.source = null
  },

  /** htmx, once; it looks at the page a moment after it has run. */
  load() {
    live.htmx ??= new Promise((done) => {
      const scripts = htmxUrls
        .split(" ")
        .map((src) => Object.assign(document.createElement("script"), { src, async: false }))
      const [, htmx] = scripts
      htmx.addEventListener("load", () => setTimeout(done))
      // The next event tries again.
      htmx.addEventListener("error", () => {
        live.htmx = null
      })
      document.head.append(...scripts)
    })
    return live.htmx
  },

  /** Whatever does not wait for "moved" needs htmx from the start. */
  begin() {
    if (document.querySelector('[hx-get]:not([hx-trigger="moved"])')) live.load()
    live.listen()
  },
}

document.addEventListener("purser:new", live.begin)
document.addEventListener("visibilitychange", () => (document.hidden ? live.stop() : live.listen()))
addEventListener("pagehide", live.stop)
addEventListener("pageshow", live.listen)
live.begin()
