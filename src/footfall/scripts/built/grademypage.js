"use strict";var p="%PROJECT%",h="%HOST%";
