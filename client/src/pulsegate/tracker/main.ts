import { session } from "./api.ts";

self.PulseGateSession ??= session;
