// A page that waits for something elsewhere looks again by itself; without scripts its link does.

const SECONDS = 4

export default function again(element) {
  setTimeout(() => element.isConnected && location.reload(), SECONDS * 1_000)
}
