// Figures that follow the server: a page with `data-live` listens there for "moved" and lets htmx fetch that part anew. htmx comes when
// it is first needed, from `data-htmx` of this script. Without scripts, or when the stream cannot be had, the page stays as it was made.
// Owns no markup.

const { htmx: htmxUrl } = document.currentScript.dataset

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
      const script = document.createElement("script")
      script.src = htmxUrl
      script.onload = () => {
        // What people opened stays open, and what they sent stays sent, when the part around it is swapped.
        htmx.config.morphIgnore.push("open", "data-sent", "aria-busy")
        // Back and forward are those of core.
        htmx.config.history = false
        setTimeout(done)
      }
      // The next event tries again.
      script.onerror = () => {
        live.htmx = null
        script.remove()
      }
      document.head.append(script)
    })
    return live.htmx
  },

  /** Whatever does not wait for "moved" needs htmx from the start. */
  begin() {
    if (document.querySelector('[hx-get]:not([hx-trigger="moved"])')) live.load()
    live.listen()
  },
}

document.addEventListener("htmx:before:swap", (event) => {
  // An error page is no figure.
  if (event.target.closest?.("[data-live]") && event.detail.ctx.response.raw.status !== 200) event.preventDefault()
})
document.addEventListener("purser:new", ({ target }) => {
  // What htmx itself has put in place it knows.
  if (target === document) return
  if (globalThis.htmx) htmx.process(target)
  live.begin()
})
document.addEventListener("visibilitychange", () => (document.hidden ? live.stop() : live.listen()))
addEventListener("pagehide", live.stop)
addEventListener("pageshow", live.listen)
live.begin()
