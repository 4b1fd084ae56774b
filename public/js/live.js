// Figures that follow the server: a page with `data-live` listens there for "moved" and lets htmx fetch that part anew. htmx comes when
// it is first needed, from `data-htmx` of this script. Without scripts, or when the stream cannot be had, the page stays as it was made.
// Owns no markup.

;(() => {
  const { htmx: htmxUrls } = document.currentScript.dataset

  const partOf = () => document.querySelector("[data-live]")
  let source = null
  let timer = 0
  let waitMs = 0
  /** Address of the stream, without what this page knows already. */
  let path
  let htmx = null

  function stop() {
    clearTimeout(timer)
    source?.close()
    source = null
  }

  /** Only what is in sight listens: browsers give a host six connections for all tabs together. */
  function listen() {
    const live = partOf()?.dataset.live
    const next = live?.split("?")[0]
    if (next !== path) stop()
    path = next
    if (!live || source || document.hidden) return
    clearTimeout(timer)
    source = new EventSource(live)
    source.addEventListener("open", () => {
      waitMs = 0
    })
    source.addEventListener("moved", async () => {
      await load()
      partOf()?.dispatchEvent(new Event("moved"))
    })
    source.addEventListener("over", ({ data }) => {
      stop()
      if (data === "signed-out") reload(partOf())
    })
    source.addEventListener("error", () => {
      // A stream that broke comes back by itself; one that was refused is asked for again, ever more rarely.
      if (source?.readyState !== EventSource.CLOSED) return
      stop()
      waitMs = Math.min(300_000, Math.max(5_000, waitMs * 2))
      timer = setTimeout(listen, waitMs * (1 + Math.random() / 2))
    })
  }

  /**
   * Somebody else's eyes may be on this screen by now. A form of this page that signed out, or chose whom to act as, leads somewhere
   * by itself: a reload would take its place.
   */
  function reload(part) {
    if (document.body.hasAttribute("data-busy")) setTimeout(reload, 100, part)
    else if (partOf() === part) location.reload()
  }

  /** htmx, once; it looks at the page a moment after it has run. */
  function load() {
    htmx ??= new Promise((done) => {
      const scripts = htmxUrls
        .split(" ")
        .map((src) => Object.assign(document.createElement("script"), { src, async: false }))
      scripts[1].addEventListener("load", () => setTimeout(done))
      // The next event tries again.
      scripts[1].addEventListener("error", () => {
        htmx = null
      })
      document.head.append(...scripts)
    })
    return htmx
  }

  /** Whatever does not wait for "moved" needs htmx from the start. */
  function begin() {
    if (document.querySelector('[hx-get]:not([hx-trigger="moved"])')) load()
    listen()
  }

  document.addEventListener("purser:new", begin)
  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : listen()))
  addEventListener("pagehide", stop)
  addEventListener("pageshow", listen)
  begin()
})()
