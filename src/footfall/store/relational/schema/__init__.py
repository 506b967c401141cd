"""The tables of the relational store as they are today, one module per room that keeps records.
Migrations lead to the same schema (a test compares both). Times are integers, microseconds since
the epoch, UTC, as everywhere."""

from footfall.store.relational.schema import alert as alert
from footfall.store.relational.schema import campaign as campaign
from footfall.store.relational.schema import definition as definition
from footfall.store.relational.schema import delivery as delivery
from footfall.store.relational.schema import excluded_visitor as excluded_visitor
from footfall.store.relational.schema import experiment as experiment
from footfall.store.relational.schema import form as form
from footfall.store.relational.schema import lead as lead
from footfall.store.relational.schema import performance as performance
from footfall.store.relational.schema import project as project
from footfall.store.relational.schema import recording as recording
from footfall.store.relational.schema import retention as retention
from footfall.store.relational.schema import server_key as server_key
from footfall.store.relational.schema import share as share
from footfall.store.relational.schema import site_style as site_style
from footfall.store.relational.schema import survey as survey
from footfall.store.relational.schema import viewer_key as viewer_key
from footfall.store.relational.schema.metadata import METADATA as METADATA

VERSION = "0015"
"""The newest migration, which leads to these tables."""
