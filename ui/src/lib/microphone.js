// Runs beside the window's own thread and hands over what the microphone gives: samples of 16 bits, in blocks. Told to
// stop, it gives what it has and then nothing more.
const length = 2048;

class Microphone extends AudioWorkletProcessor {
  constructor() {
    super();
    this.block = new Int16Array(length);
    this.filled = 0;
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

  process([input]) {
    const samples = input?.[0];
    if (this.state === 'running' && samples) {
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
