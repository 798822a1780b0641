/* Runs before the page's program: frames and timers wait for the test, which lets them run. */
window.waitingFrames = [];
window.requestAnimationFrame = (f) => waitingFrames.push(f);
window.setTimeout = (f) => waitingFrames.push(f);
window.faults = [];
window.addEventListener("error", (event) => faults.push(event.message));
