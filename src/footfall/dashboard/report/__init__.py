"""The pages of single reports: goals, funnels, vitals … Each asks `reports` and shows the answer; a
module that is switched off says so in place of its figures."""
