// Alpine, CSP build, with the directives and magics that the kit uses. Starts once everything that `alpine:init` calls is registered.
import { cspEvaluator, cspRawEvaluator } from "@alpinejs/csp/src/evaluator.js"
import { effect, reactive, stop, toRaw } from "@vue/reactivity"
import { data } from "alpinejs/src/datas.js"
import { setEvaluator, setRawEvaluator } from "alpinejs/src/evaluator.js"
import { start } from "alpinejs/src/lifecycle.js"
import "alpinejs/src/magics/$nextTick.js"
import "alpinejs/src/magics/$dispatch.js"
import "alpinejs/src/magics/$watch.js"
import "alpinejs/src/magics/$refs.js"
import "alpinejs/src/magics/$id.js"
import "alpinejs/src/magics/$el.js"
import "alpinejs/src/directives/x-effect.js"
import "alpinejs/src/directives/x-model.js"
import "alpinejs/src/directives/x-text.js"
import "alpinejs/src/directives/x-bind.js"
import "alpinejs/src/directives/x-data.js"
import "alpinejs/src/directives/x-show.js"
import "alpinejs/src/directives/x-for.js"
import "alpinejs/src/directives/x-ref.js"
import "alpinejs/src/directives/x-if.js"
import "alpinejs/src/directives/x-id.js"
import "alpinejs/src/directives/x-on.js"
import { setReactivityEngine } from "alpinejs/src/reactivity.js"

setEvaluator(cspEvaluator)
setRawEvaluator(cspRawEvaluator)
// As `@alpinejs/csp/src/index.js` does it: the scheduler of @vue/reactivity gets no arguments, Alpine's wants the runner.
setReactivityEngine({
  reactive,
  effect: (callback, options = {}) => {
    const runner = effect(callback, {
      scheduler: () => {
        if (runner) options.scheduler ? options.scheduler(runner) : runner()
      },
    })
    return runner
  },
  release: stop,
  raw: toRaw,
})
globalThis.Alpine = { data }
start()
