// What the walks of all pages look at. Each function runs in the page, so it uses nothing from outside itself.

/** Runs in the page: what is wider than the window, also right to left, and whether the heading is to be seen. */
export function tooWide(): string[] {
  const root = document.documentElement
  const extraOf = () => root.scrollWidth - root.clientWidth
  const [extra, heading] = [extraOf(), document.querySelector("h1")?.getBoundingClientRect().height ?? 0]
  const { dir } = root
  root.dir = "rtl"
  const mirrored = extraOf()
  root.dir = dir
  return [
    ...(extra > 0 ? [`${extra} px`] : []),
    ...(mirrored > 0 ? [`right to left: ${mirrored} px`] : []),
    ...(heading < 16 ? ["its heading is not to be seen"] : []),
  ]
}

/** Runs in the page: puts another page of the same section in its place, as a swap does. */
export async function swapIn(url: string): Promise<void> {
  const text = await (await fetch(url)).text()
  const { body } = new DOMParser().parseFromString(text, "text/html")
  document.body.replaceWith(document.adoptNode(body))
  document.dispatchEvent(new CustomEvent("htmx:after:swap"))
  // Parts of Alpine are set up in a later turn.
  await new Promise((done) => setTimeout(done))
  await new Promise((done) => setTimeout(done))
}

/** Runs in the page. What is below `least` is a time of day that became the reader's, a letter wider. */
export function shiftsSoFar(least: number): Promise<string[]> {
  return new Promise((done) => {
    const found: string[] = []
    new PerformanceObserver((list) => {
      for (const { value, sources } of list.getEntries() as (PerformanceEntry & Shift)[])
        if (value >= least) found.push(`${value.toFixed(4)} ${sources.map(({ node }) => node?.className).join(", ")}`)
    }).observe({ type: "layout-shift", buffered: true })
    setTimeout(() => done(found), 80)
  })
}

interface Shift {
  value: number
  sources: { node: Element | null }[]
}

/** Runs in the page, on paper: controls that are there, tables that are cut, a heading that is not to be seen. */
export function wrongOnPaper(): string[] {
  const controls =
    ".button, .copy, .pager, .pagination, .segments, .range, .search-box, .theme, .tabs, .topbar, .sidebar"
  const shown = [...document.querySelectorAll<HTMLElement>(controls)].filter((one) => one.checkVisibility())
  const wide = [...document.querySelectorAll<HTMLElement>("main .table-wrap")].filter(
    (one) => getComputedStyle(one).overflowX !== "visible",
  )
  const empty = (document.querySelector("h1")?.getBoundingClientRect().height ?? 0) < 10
  return [...shown.map((one) => one.className), ...wide.map(() => "a table is cut"), ...(empty ? ["no heading"] : [])]
}

/** Runs in the page: what looks like its neighbours or its ground though it means something else. */
export function unseen(): { wrong: string[]; seen: Record<string, number> } {
  const wrong: string[] = []
  const seen = { current: 0, meter: 0, line: 0, pressed: 0, box: 0 }
  const all = (selector: string) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility())
  const look = (one: Element): string => {
    const { backgroundColor, color, borderBlockEnd, outlineStyle } = getComputedStyle(one)
    return [backgroundColor, color, borderBlockEnd, outlineStyle].join()
  }
  const luminance = (color: string): number => {
    const canvas = document.createElement("canvas").getContext("2d")!
    canvas.fillStyle = color
    canvas.fillRect(0, 0, 1, 1)
    const [red = 0, green = 0, blue = 0] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) =>
      part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const contrast = (one: string, other: string): number => {
    const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
    return (high + 0.05) / (low + 0.05)
  }
  // The ground itself is see-through in forced colours.
  const probe = document.body.appendChild(document.createElement("i"))
  probe.style.backgroundColor = "Canvas"
  const paper = getComputedStyle(probe).backgroundColor
  probe.remove()
  for (const here of all("a[aria-current]")) {
    const others = all("a[href]:not([aria-current])").filter((one) => one.closest("nav") === here.closest("nav"))
    if (others.length === 0) continue
    seen.current++
    if (others.some((one) => look(one) === look(here)))
      wrong.push(`the current "${here.textContent}" looks like the others`)
  }
  for (const button of all("button[aria-pressed='true']")) {
    seen.pressed++
    const other = button.parentElement!.querySelector("button[aria-pressed='false']")
    if (other && look(other) === look(button)) wrong.push("the pressed button looks like the others")
  }
  for (const meter of all("meter, progress")) {
    seen.meter++
    const { borderTopWidth, borderTopColor } = getComputedStyle(meter)
    if (Number.parseFloat(borderTopWidth) < 1 || contrast(borderTopColor, paper) < 3) wrong.push("a meter has no edge")
  }
  for (const box of all('input[type="checkbox"], input[type="radio"]:not(.sr)')) {
    seen.box++
    if (getComputedStyle(box).appearance !== "auto") wrong.push("a box is drawn by hand")
  }
  for (const line of all("svg[role='img'] path, .chart path, .sparkline path")) {
    const { stroke, strokeWidth } = getComputedStyle(line)
    if (stroke === "none" || Number.parseFloat(strokeWidth) === 0 || line.closest("pattern, defs")) continue
    seen.line++
    if (stroke.startsWith("rgb") || stroke.startsWith("okl"))
      if (contrast(stroke, paper) < 3 && !line.closest(".grid, .axis")) wrong.push(`a line of ${stroke} on ${paper}`)
  }
  return { wrong: [...new Set(wrong)], seen }
}
