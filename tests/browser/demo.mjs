// The demo, for suites in any browser.
import { spawn } from "node:child_process";

// Starts the demo and returns its address.
export async function startDemo(binary) {
  const child = spawn(binary, ["serve", "--demo", "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
  const stop = () => new Promise((done) => {
    if (child.exitCode !== null) return done();
    child.on("exit", done);
    child.kill("SIGTERM");
  });
  process.on("exit", () => child.kill("SIGTERM"));
  const base = await new Promise((done, fail) => {
    let out = "";
    child.stdout.on("data", (chunk) => {
      out += chunk;
      const found = out.match(/(http:\S+)\/login/);
      if (found) done(found[1]);
    });
    child.on("exit", () => fail(new Error(`the demo ended: ${out}`)));
  });
  return { base, stop };
}
