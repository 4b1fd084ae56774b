// Alpine and the parts that need it come when a page, or what a swap brings, has something for them; the body says from where.
import { part } from "./parts.js"

let isAsked = false
part("[x-data]", async () => {
  const urls = document.body.dataset.alpine
  if (isAsked || !urls) return
  isAsked = true
  // In order: parts register with `alpine:init`, which the last one, Alpine, sends.
  for (const url of urls.split(" ")) await import(url)
})
