namespace Aigc2d.Sandbox.Calls;

/// <summary>A request that no provider would take; each dialect says so in its own words.</summary>
public sealed class RequestRefusedException(string message) : Exception(message)
{
    public int Status { get; init; } = StatusCodes.Status400BadRequest;

    /// <summary>The dialect's own code, where the reader of the request knows a better one than "invalid".</summary>
    public string? Code { get; init; }

    public string? Param { get; init; }

    /// <summary>The body is not JSON at all.</summary>
    public bool IsMalformed { get; init; }
}
