// A sign-up in a flood of them costs a short calculation. It is done beside the page while its person types, and goes along with the form;
// whoever is quicker waits for it. Where no worker runs the form goes as it does without scripts.
const DOING = "We check that you are no program. You can go on typing."
const DONE = "Checked: you can create the account."
const WAITING = "One moment: the check is nearly done. The form is sent by itself."

export default function setUp(element) {
  const form = element.closest("form")
  const line = element.querySelector("[role=status]")
  const { salt, target, most, solver } = element.dataset
  const answer = form.elements.work_answer
  let over = false
  const worker = new Worker(solver)
  const end = (number) => {
    worker.terminate()
    over = true
    answer.value = number ?? ""
    line.textContent = number === null ? "" : DONE
  }
  const solved = new Promise((resolve) => {
    worker.addEventListener("message", ({ data }) => resolve(data))
    worker.addEventListener("error", () => resolve(null))
  }).then(end)
  line.textContent = DOING
  worker.postMessage({ salt, target, most: Number(most) })

  let waits = false
  form.addEventListener(
    "submit",
    async (event) => {
      if (over) return
      event.preventDefault()
      event.stopPropagation()
      if (waits) return
      waits = true
      line.textContent = WAITING
      await solved
      if (form.isConnected) form.requestSubmit(event.submitter)
    },
    true,
  )
}
