// Where options come from: the native select, or the server, which is asked once a person pauses; an answer that comes late is dropped.

const SHOWN_MAX = 50
const PAUSE_MS = 200

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()

/** Options of a select: each word that was typed stands somewhere in label, value or detail. */
function ofSelect(select, query) {
  const words = plain(query).split(/\s+/)
  return [...select.options]
    .map(({ value, label, dataset, disabled }) => ({ value, label, detail: dataset.detail ?? "", disabled }))
    .filter(({ value, label, detail }) => {
      const text = plain(`${label} ${value} ${detail}`)
      return value !== "" && words.every((word) => text.includes(word))
    })
}

/**
 * `find(query, take)`: calls `take({ options, more, failed })` once, or never when something newer was asked for.
 * A server answers `?q=` with `[{ value, label, detail }]`.
 */
export function sourceOf(select, url) {
  let timer = 0
  let running = null
  return (query, take) => {
    clearTimeout(timer)
    running?.abort()
    if (!url) {
      const found = ofSelect(select, query)
      return take({ options: found.slice(0, SHOWN_MAX), more: found.length > SHOWN_MAX })
    }
    timer = setTimeout(async () => {
      const mine = new AbortController()
      running = mine
      const address = new URL(url, location.href)
      address.searchParams.set("q", query)
      let options = null
      try {
        const answer = await fetch(address, { headers: { accept: "application/json" }, signal: mine.signal })
        if (answer.ok) options = await answer.json()
      } catch {}
      if (mine.signal.aborted) return
      const isList = Array.isArray(options)
      take({ options: isList ? options.slice(0, SHOWN_MAX) : [], more: options?.length > SHOWN_MAX, failed: !isList })
    }, PAUSE_MS)
  }
}
