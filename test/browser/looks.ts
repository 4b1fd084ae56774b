// What the walks of all pages look at. Each function runs in the page, so it uses nothing from outside itself.

/** Words of the bars and the menu around a page that stand in two lines, a letter or two on each. Runs in the page. */
export function tornWords(): string[] {
  const torn: string[] = []
  for (const bar of document.querySelectorAll("body > header")) {
    const texts = document.createTreeWalker(bar, NodeFilter.SHOW_TEXT)
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const place = text.parentElement
      // What is only for listeners stands in a pixel.
      if (!place?.checkVisibility() || place.getBoundingClientRect().width <= 1) continue
      for (const { 0: word, index } of (text.textContent ?? "").matchAll(/\S+/g)) {
        const range = document.createRange()
        range.setStart(text, index)
        range.setEnd(text, index + word.length)
        if (new Set([...range.getClientRects()].map(({ top }) => top)).size > 1) torn.push(word)
      }
    }
  }
  return torn
}

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

/**
 * Runs in the page: of tables on a narrow window, badges that are cut, words of heads that are broken within, and bars that say less
 * than the width they have.
 */
export function tornTables(): string[] {
  const isTorn = (node: Node, at: number, word: string): boolean => {
    const range = document.createRange()
    range.setStart(node, at)
    range.setEnd(node, at + word.length)
    return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1
  }
  const tornIn = (head: Element): string[] => {
    const texts = document.createTreeWalker(head, NodeFilter.SHOW_TEXT)
    const found: string[] = []
    for (let node = texts.nextNode(); node; node = texts.nextNode())
      for (const { 0: word, index } of (node.textContent ?? "").matchAll(/\S+/g))
        if (isTorn(node, index, word)) found.push(`“${word}” is broken`)
    return found
  }
  const rect = (element: Element) => element.getBoundingClientRect()
  return [...document.querySelectorAll(".table-wrap")].flatMap((table) => {
    if (table.classList.contains("compact")) return [...table.querySelectorAll("thead th")].flatMap(tornIn)
    const badges = [...table.querySelectorAll(".badge")].filter((badge) => rect(badge).right > rect(table).right + 1)
    const bars = [...table.querySelectorAll("td[data-label] meter")].filter(
      (bar) => rect(bar).width < 0.9 * rect(bar.closest("td")!).width,
    )
    return [
      ...badges.map(({ textContent }) => `“${textContent}” is cut`),
      ...bars.map(({ textContent }) => `the bar of “${textContent}” is short`),
    ]
  })
}

/** Runs in the page: its primary buttons in sight, where there are several; the same act of several things is one. */
export function primaries(): string[] {
  const names = [...document.querySelectorAll("main .button.primary")]
    .filter((button) => button.checkVisibility() && !button.closest("dialog"))
    .map(({ textContent }) => (textContent ?? "").trim())
  const acts = new Set(names.map((name) => name.split(" ")[0]))
  return acts.size > 1 ? names : []
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

/**
 * Runs in the page: text that does not stand out from its ground (WCAG 1.4.3), by the colours themselves: twenty times cheaper than
 * axe's rule, and it knows the grounds that axe leaves out, such as the console's, which is a gradient.
 */
export function faint(): { wrong: string[]; seen: number } {
  type Color = [red: number, green: number, blue: number, alpha: number]
  const canvas = document.createElement("canvas")
  canvas.width = canvas.height = 1
  const ink = canvas.getContext("2d", { willReadFrequently: true })!
  const colors = new Map<string, Color>()
  const colorOf = (css: string): Color => {
    const known = colors.get(css)
    if (known) return known
    // Twice: what is left of the ground says how much of the colour there is, whatever notation it is in.
    const on = (ground: string) => {
      ink.fillStyle = ground
      ink.fillRect(0, 0, 1, 1)
      ink.fillStyle = css
      ink.fillRect(0, 0, 1, 1)
      return [...ink.getImageData(0, 0, 1, 1).data].slice(0, 3)
    }
    const [black, white] = [on("#000"), on("#fff")]
    const alpha = 1 - (white[0]! - black[0]!) / 255
    const part = (at: number) => (alpha > 0 ? Math.min(255, black[at]! / alpha) : 0)
    const color: Color = [part(0), part(1), part(2), alpha]
    colors.set(css, color)
    return color
  }
  const over = (top: Color, ground: Color): Color => {
    const mix = (at: 0 | 1 | 2) => top[at] * top[3] + ground[at] * (1 - top[3])
    return [mix(0), mix(1), mix(2), 1]
  }
  const luminance = (color: Color): number => {
    const [red, green, blue] = color.map((part) =>
      part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
    )
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
  }
  const contrast = (one: Color, other: Color): number => {
    const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
    return (high + 0.05) / (low + 0.05)
  }
  /** Where a gradient's stops are at pixels from the left, as the console's are, the one that is at `x`; else all of them. */
  const stopsOf = (gradient: string, x: number): Color[] => {
    const stops = [...gradient.matchAll(/((?:rgba?|oklch|oklab|color)\([^()]*\))(?: (\d+)px)?/g)].map((stop) => ({
      color: colorOf(stop[1]!),
      at: Number(stop[2] ?? Number.NaN),
    }))
    if (stops.some(({ at }) => Number.isNaN(at))) return stops.map(({ color }) => color)
    return [(stops.findLast(({ at }) => at <= x) ?? stops[0]!).color]
  }
  const groundsOf = (element: Element | null, x: number): Color[] => {
    if (!element) return [colorOf("Canvas")]
    const { backgroundColor, backgroundImage } = getComputedStyle(element)
    const own = colorOf(backgroundColor)
    const stops = backgroundImage.includes("gradient") ? stopsOf(backgroundImage, x) : []
    if (stops.length > 0 && stops.every((stop) => stop[3] === 1)) return stops
    const below = own[3] === 1 ? [own] : groundsOf(element.parentElement, x).map((ground) => over(own, ground))
    return [...below, ...stops.flatMap((stop) => below.map((ground) => over(stop, ground)))]
  }
  /** In a drawing the ground is what was drawn before it, below its middle. */
  const drawnUnder = (element: Element, box: DOMRect): Color | null => {
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    const below = [...(element.closest("svg")?.querySelectorAll("rect") ?? [])].filter((rect) => {
      const { left, right, top, bottom } = rect.getBoundingClientRect()
      const isBefore = (rect.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0
      return isBefore && left <= x && x <= right && top <= y && y <= bottom && !rect.closest("defs, clipPath, mask")
    })
    const color = below.length > 0 ? colorOf(getComputedStyle(below.at(-1)!).fill) : null
    return color?.[3] === 1 ? color : null
  }
  const wrong = new Set<string>()
  let seen = 0
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const done = new Set<Element>()
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const element = text.parentElement
    if (!element || done.has(element) || !text.textContent?.trim()) continue
    done.add(element)
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue
    const box = element.getBoundingClientRect()
    const { color, fontSize, fontWeight, fill } = getComputedStyle(element)
    if (
      box.width < 2 ||
      box.height < 2 ||
      element.closest(":disabled, [aria-disabled='true'], option, progress, meter")
    )
      continue
    const control = element.closest("label")?.control
    if (control?.matches(":disabled")) continue
    let opacity = 1
    for (let one: Element | null = element; one; one = one.parentElement)
      opacity *= Number(getComputedStyle(one).opacity)
    const own = colorOf(element instanceof SVGElement ? fill : color)
    const size = Number.parseFloat(fontSize)
    const least = size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700) ? 3 : 4.5
    seen++
    const under = element instanceof SVGElement ? drawnUnder(element, box) : null
    for (const ground of under ? [under] : groundsOf(element, box.x)) {
      const drawn = over([own[0], own[1], own[2], own[3] * opacity], ground)
      if (contrast(drawn, ground) >= least - 0.01) continue
      const words = element.textContent!.trim().slice(0, 40)
      wrong.add(
        `"${words}" (${element.className || element.localName}) is ${contrast(drawn, ground).toFixed(2)} of ${least}`,
      )
    }
  }
  return { wrong: [...wrong], seen }
}
