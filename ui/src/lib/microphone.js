// Runs beside the window's own thread and hands over what the microphone gives: samples of 16 bits, in blocks. Told to
// stop, it gives what it has and then nothing more.
//
// A microphone that is being opened gives zeros, for seconds on a busy laptop. They are left out, so that a recording is
// only said to run when it does. One that goes on giving zeros is muted, or hears nothing yet: then zeros are what it gives.
const length = 2048;
const opening = 4; // seconds

class Microphone extends AudioWorkletProcessor {
  constructor() {
    super();
    this.block = new Int16Array(length);
    this.filled = 0;
    this.zeros = 0;
    this.open = false;
    this.state = 'running';
    this.port.onmessage = ({ data }) => {
      if (this.state !== 'stopped') this.state = data;
      if (data === 'stopped') {
        this.give();
        this.port.postMessage(null);
      }
    };
  }

  give() {
    if (this.filled > 0) this.port.postMessage(this.block.slice(0, this.filled));
    this.filled = 0;
  }

  isOpen(samples) {
    if (this.open) return true;
    this.zeros += samples.length;
    this.open = this.zeros > opening * sampleRate || samples.some((sample) => sample !== 0);
    return this.open;
  }

  process([input]) {
    const samples = input?.[0];
    if (this.state === 'running' && samples && this.isOpen(samples)) {
      for (const sample of samples) {
        this.block[this.filled] = Math.round(Math.max(-1, Math.min(1, sample)) * 32767);
        this.filled += 1;
        if (this.filled === length) this.give();
      }
    }
    return this.state !== 'stopped';
  }
}

registerProcessor('microphone', Microphone);
