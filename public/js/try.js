// A call from the page of an operation, made by this browser. The key is read when the call is sent, and kept nowhere; what comes back is
// shown as text. Nothing of the form is taken from the address of the page, so no link can prepare a call.

/** Characters of an answer that are shown. */
const SHOWN_MAX = 100_000

const readJson = (text, name) => {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(`${name} is no JSON. Texts stand in double quotes, and nothing follows the last member.`)
  }
}

function readAs({ kind, name }, text) {
  if (kind === "json") return readJson(text, name)
  if (kind === "flag" || kind === "choice") return JSON.parse(text)
  if (kind === "number") {
    if (!/^-?\d+(\.\d+)?$/.test(text.trim())) throw new Error(`${name} is a number.`)
    return Number(text)
  }
  if (kind === "count" && /^\d{1,15}$/.test(text)) return Number(text)
  // A list or an object where one may be; every other text is itself.
  if (kind === "mixed" && /^\s*[[{]/.test(text)) return readJson(text, name)
  return text
}

/** The request that fields make. Those that are empty are left out. @param fields {at, name, kind, text} each */
export function requestOf({ method, path, origin = "" }, fields) {
  const given = fields.filter(({ text }) => text !== "")
  const at = (place) => given.filter((one) => one.at === place)
  const plain = (one) => (one.kind === "choice" || one.kind === "flag" ? String(JSON.parse(one.text)) : one.text)
  const address = path.replace(/\{(\w+)\}/g, (_, name) => {
    const one = at("path").find((each) => each.name === name)
    // Dots would be another address.
    if (!one || /^\.+$/.test(one.text)) throw new Error(`${name} stands in the address, so it has to be given.`)
    return encodeURIComponent(one.text)
  })
  const query = new URLSearchParams(at("query").map((one) => [one.name, plain(one)])).toString()
  const whole = at("whole")[0]
  const hasBody = fields.some((one) => one.at === "body" || one.at === "whole") || method === "POST"
  const body = whole
    ? readJson(whole.text, "The body")
    : Object.fromEntries(at("body").map((one) => [one.name, readAs(one, one.text)]))
  return {
    url: `${origin}${address}${query && `?${query}`}`,
    headers: Object.fromEntries(at("header").map((one) => [one.name, plain(one)])),
    body: hasBody && method !== "GET" ? JSON.stringify(body) : undefined,
  }
}

/** Nothing but the origin of this page and the one it names may be asked. */
function optionsOf(form, request, key) {
  const { proof, method, csrf } = form.dataset
  const headers = { ...request.headers }
  if (request.body !== undefined) headers["content-type"] = "application/json"
  if (form.dataset.once !== undefined) headers["idempotency-key"] = crypto.randomUUID()
  if (key) headers.authorization = `Bearer ${key}`
  const bySession = proof === "session" && !key
  if (bySession && method !== "GET") headers["x-csrf-token"] = csrf
  return {
    method,
    headers,
    body: request.body,
    credentials: bySession ? "same-origin" : "omit",
    redirect: "error",
    cache: "no-store",
    referrerPolicy: "no-referrer",
  }
}

const pretty = (text, type) => {
  if (!/json/.test(type)) return text
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

/** A figure of credits as the server wrote it. */
const creditsOf = (headers) => {
  const charged = headers.get("x-credits-charged")
  return charged === null ? "" : ` · ${charged} credits`
}

const TONES = ["ok", "ok", "neutral", "warn", "bad"]

export default function setUp(form) {
  const part = (name) => form.querySelector(`[data-try="${name}"]`)
  const [key, ask, go, stop, error] = ["key", "ask", "go", "stop", "error"].map(part)
  let running = null
  let isAsked = false

  const asking = (is) => {
    isAsked = is
    if (ask) ask.hidden = !is
    go.hidden = is
    if (is) ask.querySelector("[data-try=back]").focus()
  }
  const say = (text) => {
    error.textContent = text
    error.hidden = text === ""
  }
  const fieldsOf = () =>
    [...form.querySelectorAll("[data-at]")].map(({ dataset, value }) => ({
      at: dataset.at,
      name: dataset.member ?? "",
      kind: dataset.kind,
      text: value,
    }))

  async function call(request, given) {
    const began = performance.now()
    const ms = () => `${Math.round(performance.now() - began)} ms`
    running = new AbortController()
    const button = go.querySelector("button")
    stop.hidden = false
    button.setAttribute("aria-busy", "true")
    try {
      const answer = await fetch(request.url, { ...optionsOf(form, request, given), signal: running.signal })
      await show(answer, ms)
    } catch (problem) {
      const isStopped = problem?.name === "AbortError"
      say(
        isStopped
          ? "Stopped. What the model had made until then is charged."
          : "The server was not reached. Try again.",
      )
    } finally {
      running = null
      stop.hidden = true
      button.removeAttribute("aria-busy")
    }
  }

  async function show(answer, ms) {
    const { headers, status, statusText } = answer
    const type = headers.get("content-type") ?? ""
    const facts = part("facts")
    part("answer").hidden = false
    part("status").textContent = `${status} ${statusText}`.trim()
    part("status").className = `badge ${TONES[Math.floor(status / 100) - 1] ?? "bad"}`
    part("headers").textContent = [...headers].map(([name, value]) => `${name}: ${value}`).join("\n")
    part("cut").hidden = true
    part("next").hidden = true
    const body = part("body")
    body.textContent = ""
    facts.textContent = `${ms()}${creditsOf(headers)}`
    let text = ""
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
    for (let piece = await reader?.read(); piece && !piece.done; piece = await reader.read()) {
      if (text.length < SHOWN_MAX) body.append(piece.value.slice(0, SHOWN_MAX - text.length))
      text += text.length < SHOWN_MAX ? piece.value : ""
      if (text.length >= SHOWN_MAX) part("cut").hidden = false
    }
    if (text.length < SHOWN_MAX) body.textContent = pretty(text, type)
    facts.textContent = `${ms()}${creditsOf(headers)}`
    if (status === 403 && text.includes('"confirmation_required"')) confirm(text)
    part("answer").scrollIntoView({ block: "nearest" })
  }

  /** The way to the proof, on this origin alone, and back here. */
  function confirm(text) {
    const at = new URL(readJson(text, "").confirm_url, location.href)
    if (at.origin !== location.origin) return
    at.searchParams.set("next", location.pathname)
    part("confirm").href = at.pathname + at.search
    part("next").hidden = false
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault()
    if (running) return
    say("")
    let request
    try {
      request = requestOf(form.dataset, fieldsOf())
    } catch (problem) {
      asking(false)
      return say(problem.message)
    }
    if (ask && !isAsked) return asking(true)
    if (ask) asking(false)
    call(request, key?.value.trim() ?? "")
  })
  part("back")?.addEventListener("click", () => {
    asking(false)
    go.querySelector("button").focus()
  })
  stop.addEventListener("click", () => running?.abort())
  // What was asked about is what is sent.
  form.addEventListener("input", () => isAsked && asking(false))
  // Forms that the browser brings back begin without the key.
  addEventListener("pagehide", () => {
    if (key) key.value = ""
  })
  if (key) key.value = ""
}
