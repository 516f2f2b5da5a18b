import "./times.js";
import "./notices.js";
import "./polling.js";
import "./uploads.js";
import "./logs.js";
import "./pictures.js";
