// The popup of a combobox (ARIA APG, "Editable Combobox With List Autocomplete"): the focus stays in the field, the options are pointed at.
import { sourceOf } from "./source.js"

/** What single and multiple choice share. A component adds `choose(option)`, `isChosen(option)` and, where it wants, `spare(event)`. */
export const listbox = {
  isOpen: false,
  isBusy: false,
  options: [],
  at: -1,
  said: "",

  listen() {
    this.find = sourceOf(this.$refs.native, this.$el.dataset.search)
  },
  idOf(index) {
    return `${this.$refs.list.id}-${index}`
  },
  activeId() {
    return this.isOpen && this.at >= 0 ? this.idOf(this.at) : null
  },
  show(query = "") {
    this.isOpen = true
    this.isBusy = true
    this.find(query, ({ options, more, failed }) => {
      this.isBusy = false
      this.options = options
      this.at = query && options.length > 0 ? 0 : -1
      const count = options.length
      this.said = failed
        ? "The search failed. Try again."
        : count === 0
          ? "Nothing matches."
          : more
            ? `The first ${count}. Type to narrow the list.`
            : `${count} ${count === 1 ? "option" : "options"}`
    })
  },
  hide() {
    this.isOpen = false
    this.at = -1
  },
  /** The focus stays in the field while the list is pressed. */
  keep(event) {
    event.preventDefault()
  },
  toggle() {
    if (this.isOpen) return this.hide()
    this.$refs.input.focus()
    this.show()
  },
  search() {
    this.show(this.$refs.input.value)
  },
  move(step) {
    if (!this.isOpen) return this.show()
    const { length } = this.options
    if (length === 0) return
    this.at = this.at < 0 && step < 0 ? length - 1 : (this.at + step + length) % length
    this.$nextTick(() => document.getElementById(this.activeId())?.scrollIntoView({ block: "nearest" }))
  },
  key(event) {
    const { key } = event
    if (event.isComposing) return
    if (key === "ArrowDown" || key === "ArrowUp") this.move(key === "ArrowDown" ? 1 : -1)
    else if (key === "Enter" && this.isOpen && this.at >= 0) this.choose(this.options[this.at])
    else if (key === "Escape" && this.isOpen) this.hide()
    else return this.spare?.(event)
    event.preventDefault()
  },
}
