"""Attendance reports of Zoom, Microsoft Teams and Google Meet, as they really are. Pure: a file in, a Report out."""

from lms.seminars.reports.reading import read as read
from lms.seminars.reports.shape import Fault as Fault
from lms.seminars.reports.shape import Join as Join
from lms.seminars.reports.shape import Question as Question
from lms.seminars.reports.shape import Report as Report
from lms.seminars.reports.tables import Unreadable as Unreadable
