using System.Text.Json.Serialization;
using Aigc2d.Contracts;

namespace Aigc2d.ProviderAdapters.Health;

/// <summary>Why a channel is left alone for a while.</summary>
[JsonConverter(typeof(SnakeCaseConverter<RestCause>))]
internal enum RestCause
{
    RateLimit,
    Overload,
    Account,
    Model,
}

/// <summary>A time in which a channel, or one model of it, is not asked.</summary>
internal sealed record Rest(RestCause Cause, DateTimeOffset Until)
{
    public bool IsOver(DateTimeOffset now) => now >= Until;
}
