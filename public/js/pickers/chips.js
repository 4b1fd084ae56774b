// What was chosen or typed, as a list of chips that can be taken away.
export const chips = {
  chosen: [],
  news: "",

  /** The chips that the server made become ours. */
  adopt() {
    const made = [...this.$refs.chips.querySelectorAll("[data-value]")]
    this.chosen = made.map(({ dataset, textContent }) => ({ value: dataset.value, label: textContent.trim() }))
    for (const chip of made) chip.remove()
  },
  has(value) {
    return this.chosen.some((each) => each.value === value)
  },
  add(item) {
    this.chosen.push(item)
    this.news = `${item.label} added`
    this.write()
  },
  remove({ value, label }) {
    this.chosen = this.chosen.filter((each) => each.value !== value)
    this.news = `${label} removed`
    this.write()
    this.$refs.input.focus()
  },
  backspace({ key }) {
    const last = this.chosen.at(-1)
    if (key === "Backspace" && this.$refs.input.value === "" && last) this.remove(last)
  },
}
