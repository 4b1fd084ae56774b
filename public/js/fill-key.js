// Puts a key into the code of this page, in this browser only: it is sent nowhere and kept nowhere. Keys have no character that any
// language would read as more than itself, and what has one is not put in.
const PLACEHOLDER = "YOUR_KEY"
const KEY = /^\w{20,120}$/

function textsOf(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  const texts = []
  while (walker.nextNode()) texts.push(walker.currentNode)
  return texts
}

export default function setUp(part) {
  const field = part.querySelector("input")
  const codes = [...document.querySelectorAll(".code-tabs code")]
  const places = codes.flatMap(textsOf).filter((text) => text.data.includes(PLACEHOLDER))
  const written = places.map((text) => text.data)
  field.addEventListener("input", () => {
    const key = KEY.test(field.value.trim()) ? field.value.trim() : PLACEHOLDER
    for (const [index, text] of places.entries()) text.data = written[index].replaceAll(PLACEHOLDER, key)
  })
  // Forms that the browser brings back, such as after Back, begin empty.
  field.value = ""
}
