using Aigc2d.Gateway.Limits;

namespace Aigc2d.Gateway.Dialects;

/// <summary>How one family of clients is told of errors and limits.</summary>
internal interface IClientDialect
{
    /// <summary>What a stream that broke off without a word of explanation ends with.</summary>
    ReadOnlyMemory<byte> BrokenOffFrame { get; }

    /// <summary>How the frame begins by which a stream tells of an error.</summary>
    ReadOnlySpan<byte> ErrorFrameStart { get; }

    /// <summary>An error as the body of an answer.</summary>
    byte[] ErrorBody(ApiError error, string requestId);

    /// <summary>Writes the headers that tell what is left of the plan's limits.</summary>
    void WriteLimits(IHeaderDictionary headers, LimitVerdict verdict, DateTimeOffset now);

    /// <summary>Writes what this family's clients look for on every answer.</summary>
    void WriteTrail(IHeaderDictionary headers, Guid requestId);
}
