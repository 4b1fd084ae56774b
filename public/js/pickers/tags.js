// Words of one's own as chips; sent is a text area with one a line. What cannot be one stays in the field, is said, and is sent all the
// same: the server says more.
import { chips } from "./chips.js"
import { changed, register, takeId } from "./register.js"

register("tags", () => ({
  ...chips,
  wrong: "",

  init() {
    const { native, input } = this.$refs
    takeId(native, input)
    this.adopt()
    const { pattern, wrong, separators } = this.$el.dataset
    this.isRight = (text) => !pattern || new RegExp(`^(?:${pattern})$`, "u").test(text)
    this.words = wrong
    this.separators = new RegExp(separators, "u")
  },
  write() {
    const { native, input } = this.$refs
    native.value = [...this.chosen.map(({ value }) => value), input.value.trim()].filter(Boolean).join("\n")
    changed(native)
  },
  /** Takes what is whole out of the field; all of it when the person goes on. */
  take(text) {
    const left = []
    this.wrong = ""
    for (const word of text
      .split(this.separators)
      .map((one) => one.trim())
      .filter(Boolean)) {
      if (this.has(word)) this.wrong = `${word} is there already.`
      else if (this.isRight(word)) this.add({ value: word, label: word })
      else {
        left.push(word)
        this.wrong = `${word}: ${this.words}`
      }
    }
    this.$refs.input.value = left.join(" ")
    this.write()
  },
  typed() {
    const { value } = this.$refs.input
    this.wrong = ""
    if (this.separators.test(value.trimStart())) this.take(value)
    else this.write()
  },
  pasted(event) {
    const text = event.clipboardData.getData("text")
    if (!this.separators.test(text.trim())) return
    event.preventDefault()
    this.take(`${this.$refs.input.value}${text}`)
  },
  key(event) {
    const { value } = this.$refs.input
    if (event.key !== "Enter" || value.trim() === "" || event.isComposing) return this.backspace(event)
    event.preventDefault()
    this.take(value)
  },
  leave() {
    if (this.$refs.input.value.trim()) this.take(this.$refs.input.value)
  },
}))
