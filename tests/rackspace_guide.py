"""What the guide of Rackspace Cloud Backup v2 says: words, and an answer."""

from __future__ import annotations

from backup_badge.values.state import State

STATES = {
    "completed": State.SUCCEEDED,
    "completed_with_errors": State.COMPLETED_WITH_ERRORS,
    "failed": State.FAILED,
    "missed": State.FAILED,
    "start_requested": State.SCHEDULED,
    "start_scheduled": State.SCHEDULED,
    "queued": State.SCHEDULED,
    "preparing": State.SCHEDULED,
    "in_progress": State.IN_PROGRESS,
    "stop_requested": State.IN_PROGRESS,
    "skipped": State.SKIPPED,
    "stopped": State.STOPPED,
}
"""The values of a run's ``state``, in "Retrieve backup status" and others."""

# The answer in the Rackspace Cloud Backup v2 guide, "Retrieve backup status", verbatim.
GUIDE = """
   {
       "project_id": "123456",
       "id": "0d95d699-d16b-11e4-93bd-c8e0eb190e3d",
       "agent": {
           "id": "8f135b4f-7a69-4b8a-947f-5e80d772fd97",
           "links": [
               {
                   "href": "https://cloudbackupapi.apiary-mock.com/v2/agents/8f135b4f-7a69-4b8a-947f-5e80d772fd97",
                   "rel": "full"
               }
           ]
       },
       "configuration": {
           "id": "7c8ee069-568f-4d5a-932f-fb2af86b5fd5",
           "links": [
               {
                   "href": "https://cloudbackupapi.apiary-mock.com/v2/configurations/7c8ee069-568f-4d5a-932f-fb2af86b5fd5",
                   "rel": "full"
               }
           ]
       },
       "state": "completed_with_errors",
       "started_time": "2014-08-05T18:22:22.238641Z",
       "ended_time": "2014-08-05T18:23:50.489715Z",
       "snapshot_id": 1111,
       "errors": {
           "count": 1,
           "reason": "unable_to_process_some_files",
           "diagnostics": "Some files could not be backed up. Partial list follows.",
           "links": [
               {
                   "href": "https://cloudbackupapi.apiary-mock.com/v2/backups/0d95d699-d16b-11e4-93bd-c8e0eb190e3d/errors",
                   "rel": "full"
               }
           ]
       },
       "files_searched": 1222,
       "files_backed_up": 6,
       "bytes_searched": 3700000000,
       "bytes_backed_up": 127000000,
       "bytes_in_db": 49340871,
       "bandwidth_avg_bps": 16628982,
       "restorable": true,
       "links": [
           {
               "href": "https://cloudbackupapi.apiary-mock.com/v2/backups/0d95d699-d16b-11e4-93bd-c8e0eb190e3d",
               "rel": "self"
           },
           {
               "href": "https://cloudbackupapi.apiary-mock.com/v2/backups/0d95d699-d16b-11e4-93bd-c8e0eb190e3d/events",
               "rel": "events"
           }
       ]
   }
"""
