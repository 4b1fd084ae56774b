// The playground, streamed: each side asks the page's own address, tells tokens, time and price as words come, and at the end what was
// charged. Earlier questions are kept in this browser, by person. Without scripts the form is sent, and answers come whole.
const KEPT_MAX = 20
const KEPT_CHARS_MAX = 4_000
/** Characters of a token, about, until the provider says how many there were. */
const TOKEN_CHARS = 4
const NANO = 1_000_000
const SIDES = ["", "2", "3"]

/** A browser that keeps nothing still answers. */
function kept(act) {
  try {
    return act(localStorage)
  } catch {}
}

const credits = (amount) => `${amount.toLocaleString("en", { maximumFractionDigits: 6 })} credits`

/** Events of a stream, with its comments: the last of them tells the charge. */
async function* eventsOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ""
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const lines = (rest + value).split("\n")
    rest = lines.pop()
    yield* lines
  }
}

export default function setUp(root) {
  const form = root.querySelector("form")
  const prices = JSON.parse(root.dataset.prices)
  const sides = root.querySelector("[data-sides]")
  const history = root.querySelector("[data-history]")
  const key = `playground:${root.dataset.person}`
  let total = 0
  let running = null

  const told = (part, text) => {
    part.textContent = text
  }

  function priceOf(model, input, output) {
    const [perInput, perOutput] = prices[model] ?? [0, 0]
    return (input * perInput + output * perOutput) / 1_000_000
  }

  function refused(side, status, error) {
    const said = document.createElement("p")
    said.className = "error"
    said.setAttribute("role", "alert")
    told(said, `${error?.message ?? "It was refused."} (${[status, error?.code].filter(Boolean).join(" ")})`)
    side.querySelector("[data-text]").before(said)
  }

  /** Shows one side as it comes. @returns the whole answer, or null when it was refused */
  async function ask(model, at, data, signal) {
    const side = root.querySelector("[data-side]").content.firstElementChild.cloneNode(true)
    side.setAttribute("aria-label", `Answer of ${model}`)
    told(side.querySelector("bdi"), model)
    sides.append(side)
    const [text, figures, reasoning] = ["text", "figures", "reasoning"].map((name) =>
      side.querySelector(`[data-${name}]`),
    )
    const turns = form.elements[`turns${SIDES[at]}`].value
    data.set("model", model)
    data.set("turns", turns)
    data.set("want", "stream")
    const begun = performance.now()
    const input = Math.ceil((turns.length + data.get("message").length + data.get("system").length) / TOKEN_CHARS)
    let firstMs = null
    let usage = null
    let charged = null
    let hasFailed = false
    const calls = []
    const tell = () => {
      const output =
        usage?.completion_tokens ??
        Math.ceil((text.textContent.length + reasoning.lastElementChild.textContent.length) / TOKEN_CHARS)
      const about = usage ? "" : "about "
      const price =
        charged === null ? `about ${credits(priceOf(model, usage?.prompt_tokens ?? input, output))}` : credits(charged)
      const first = firstMs === null ? "" : ` · first after ${firstMs} ms`
      told(
        figures,
        `${about}${usage?.prompt_tokens ?? input} in, ${about}${output} out${first} · ${Math.round(performance.now() - begun)} ms · ${price}`,
      )
    }
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, signal })
      const type = answer.headers.get("content-type") ?? ""
      // Something typed needs another look, or somebody signed out: the page says it.
      if (type.includes("html")) return "page"
      if (!type.includes("event-stream")) {
        refused(side, answer.status, (await answer.json().catch(() => ({}))).error)
        return null
      }
      for await (const line of eventsOf(answer.body)) {
        const paid = /^: charged (\d+)/.exec(line)
        if (paid) charged = Number(paid[1]) / NANO
        if (!line.startsWith("data: ") || line === "data: [DONE]") continue
        const event = JSON.parse(line.slice(6))
        if (event.error) {
          hasFailed = true
          refused(side, "", event.error)
        }
        usage = event.usage ?? usage
        const { content, reasoning_content: thought, tool_calls: tools = [] } = event.choices?.[0]?.delta ?? {}
        if (content || thought || tools.length > 0) firstMs ??= Math.round(performance.now() - begun)
        if (thought) {
          reasoning.hidden = false
          reasoning.lastElementChild.append(thought)
        }
        if (content) text.append(content)
        for (const { index, function: called } of tools) {
          calls[index] ??= side.insertBefore(document.createElement("pre"), figures)
          calls[index].className = "playground-text mono"
          calls[index].append(called?.name ? `${called.name} ` : "", called?.arguments ?? "")
        }
        tell()
      }
    } catch (error) {
      refused(side, "", { message: error.name === "AbortError" ? "You stopped it." : "The answer broke off." })
      hasFailed = true
    }
    tell()
    total += charged ?? 0
    told(root.querySelector("[data-total]"), `On this page: ${credits(total)}`)
    return hasFailed ? null : text.textContent
  }

  async function askAll() {
    const message = form.elements.message.value
    const models = SIDES.map((name) => form.elements[`model${name}`].value)
    const asked = models.flatMap((model, at) => (model === "" ? [] : [[model, at]]))
    running = new AbortController()
    sides.replaceChildren()
    const { signal } = running
    const answers = await Promise.all(asked.map(([model, at]) => ask(model, at, new FormData(form), signal)))
    running = null
    if (answers.includes("page")) return form.submit()
    for (const [index, [, at]] of asked.entries()) {
      if (answers[index] === null) continue
      const turns = form.elements[`turns${SIDES[at]}`]
      const said = JSON.parse(turns.value || "[]")
      said.push({ role: "user", content: message }, { role: "assistant", content: answers[index] })
      turns.value = JSON.stringify(said)
    }
    remember({ message, models, system: form.elements.system.value, answers })
    if (!answers.includes(null)) form.elements.message.value = ""
  }

  async function showCode(submitter) {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form, submitter) })
    const page = new DOMParser().parseFromString(await answer.text(), "text/html")
    const code = page.getElementById("code")
    if (!answer.ok || !code) return form.submit()
    root.querySelector("#code").replaceWith(document.adoptNode(code))
    code.dispatchEvent(new CustomEvent("purser:new", { bubbles: true }))
    code.scrollIntoView({ block: "nearest" })
  }

  const entries = () => kept((store) => JSON.parse(store[key] ?? "[]")) ?? []

  function remember(entry) {
    const answers = entry.answers.map((answer) => answer?.slice(0, KEPT_CHARS_MAX) ?? null)
    kept((store) => {
      store[key] = JSON.stringify([{ ...entry, answers }, ...entries()].slice(0, KEPT_MAX))
    })
    showHistory()
  }

  function showHistory() {
    const list = entries()
    history.hidden = list.length === 0
    history.querySelector("ol").replaceChildren(
      ...list.map((entry) => {
        const row = document.createElement("li")
        const again = Object.assign(document.createElement("button"), { type: "button", className: "button link" })
        told(again, entry.message.slice(0, 80))
        again.addEventListener("click", () => restore(entry))
        row.append(again)
        return row
      }),
    )
  }

  function restore({ message, models, system, answers }) {
    form.elements.message.value = message
    form.elements.system.value = system
    for (const [at, name] of SIDES.entries()) {
      form.elements[`model${name}`].value = models[at]
      form.elements[`turns${name}`].value = ""
    }
    const shown = models.filter(Boolean).map((model, at) => {
      const side = root.querySelector("[data-side]").content.firstElementChild.cloneNode(true)
      side.setAttribute("aria-label", `Answer of ${model}`)
      told(side.querySelector("bdi"), model)
      told(side.querySelector("[data-text]"), answers[at] ?? "It was not answered.")
      return side
    })
    sides.replaceChildren(...shown)
    form.elements.message.focus()
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault()
    if (event.submitter?.value === "code") return showCode(event.submitter)
    if (form.elements.message.value.trim() !== "" && !running) return askAll()
    if (!running) form.submit()
  })
  history.querySelector("button.small").addEventListener("click", () => {
    kept((store) => store.removeItem(key))
    showHistory()
  })
  document.addEventListener("purser:new", () => {
    if (!root.isConnected) running?.abort()
  })
  showHistory()
}
