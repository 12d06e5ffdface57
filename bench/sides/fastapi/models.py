"""todoql's tables as SQLModel sees them, and the shapes of requests and answers."""

from datetime import datetime, timezone
from enum import IntEnum
from typing import Optional
from uuid import UUID, uuid4

from pydantic import BaseModel
from sqlalchemy import Column, DateTime
from sqlmodel import Field, SQLModel


class Priority(IntEnum):
    NONE = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    URGENT = 4


def now() -> datetime:
    return datetime.now(timezone.utc)


def instant(nullable: bool = False) -> Column:
    return Column(DateTime(timezone=True), nullable=nullable)


class User(SQLModel, table=True):
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    email: str
    password_hash: str


class Session(SQLModel, table=True):
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="user.id")
    created_at: datetime = Field(default_factory=now, sa_column=instant())
    expires_at: datetime = Field(sa_column=instant())


class Task(SQLModel, table=True):
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="user.id")
    title: str
    description: str = ""
    priority: int = 0
    completed_at: Optional[datetime] = Field(default=None, sa_column=instant(nullable=True))
    version: int = 1
    created_at: datetime = Field(default_factory=now, sa_column=instant())
    updated_at: datetime = Field(default_factory=now, sa_column=instant())
    deleted_at: Optional[datetime] = Field(default=None, sa_column=instant(nullable=True))


class NewTask(BaseModel):
    title: str
    description: str = ""
    priority: str = "NONE"


class TaskRead(BaseModel):
    id: UUID
    title: str
    description: str
    completed: bool
    priority: str
    createdAt: str
    updatedAt: str
    version: int


class PageInfo(BaseModel):
    hasNextPage: bool
    endCursor: Optional[str]


class TaskPage(BaseModel):
    nodes: list[TaskRead]
    pageInfo: PageInfo


class Credentials(BaseModel):
    email: str
    password: str


def iso(value: datetime) -> str:
    return value.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def present(task: Task) -> TaskRead:
    return TaskRead(
        id=task.id,
        title=task.title,
        description=task.description,
        completed=task.completed_at is not None,
        priority=Priority(task.priority).name,
        createdAt=iso(task.created_at),
        updatedAt=iso(task.updated_at),
        version=task.version,
    )
