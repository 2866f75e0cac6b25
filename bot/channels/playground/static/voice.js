// Recording a voice message with the microphone.

/** What is tried first plays in most apps: LINE and Telegram know M4A and Ogg. */
const FORMATS = ["audio/mp4", "audio/ogg;codecs=opus", "audio/webm;codecs=opus"];

const LONGEST = 300; // seconds; nobody tells more in one breath, and a forgotten microphone must not run on

/** There is no microphone, or the person does not allow it. */
export class NoMicrophone extends Error {}

/**
 * Begin to record; `tick(seconds)` is called as time goes on. Gives {finish, cancel}: `finish()` resolves to the file.
 * At the longest time the recording stops by itself and waits for either.
 */
export async function record(tick) {
  const stream = await microphone();
  const format = FORMATS.find((type) => MediaRecorder.isTypeSupported(type)) ?? "";
  const recorder = new MediaRecorder(stream, format ? { mimeType: format } : {});
  const pieces = [];
  recorder.ondataavailable = (event) => event.data.size && pieces.push(event.data);
  const stopped = new Promise((resolve) => (recorder.onstop = resolve));
  const began = performance.now();
  const clock = setInterval(() => {
    const seconds = Math.floor((performance.now() - began) / 1000);
    tick(Math.min(seconds, LONGEST));
    if (seconds >= LONGEST) stop();
  }, 250);

  function stop() {
    clearInterval(clock);
    if (recorder.state !== "inactive") recorder.stop();
    for (const track of stream.getTracks()) track.stop(); // the browser's recording sign goes out
  }

  recorder.start();
  tick(0);
  return {
    cancel: stop,
    async finish() {
      stop();
      await stopped;
      const type = (recorder.mimeType || pieces[0]?.type || "audio/webm").split(";")[0];
      return new File(pieces, "voice", { type });
    },
  };
}

async function microphone() {
  if (!navigator.mediaDevices?.getUserMedia || !globalThis.MediaRecorder) throw new NoMicrophone();
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch (error) {
    throw new NoMicrophone(error.name);
  }
}
