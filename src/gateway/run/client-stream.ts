// The client's side of a streamed call: text to it, comments while it waits, its leaving. Knows nothing of upstreams and money.
export type Controller = ReadableStreamDefaultController<Uint8Array>

const encoder = new TextEncoder()

export class ClientStream {
  lastSentMs = performance.now()
  private controller: Controller | null = null

  /** @param onGone the client closed while something was being sent */
  constructor(private readonly onGone: () => void) {}

  attach(controller: Controller): void {
    this.controller = controller
  }

  /** Above 0 only while the client waits for bytes: a slow reader is not fed more. */
  get isWaiting(): boolean {
    return (this.controller?.desiredSize ?? -1) >= 0
  }

  send(text: string): void {
    this.lastSentMs = performance.now()
    try {
      this.controller!.enqueue(encoder.encode(text))
    } catch {
      // Closed in this very moment; the settle is done or under way.
      this.onGone()
    }
  }

  close(): void {
    try {
      this.controller!.close()
    } catch {
      // Closed by the client already.
    }
  }
}
