namespace Aigc2d.Gateway.Dialects;

/// <summary>Why a request body is not acceptable: the field, in OpenAI's path notation, and what would be accepted.</summary>
/// <param name="Param">The path of the field, for example <c>messages[0].content</c>; null when the body as a whole is meant.</param>
/// <param name="Code">OpenAI's error code.</param>
/// <param name="Message">One sentence for the developer who sent it. It quotes names, never values.</param>
internal sealed record BodyRefusal(string? Param, string Code, string Message)
{
    public const string InvalidValue = "invalid_value";
    public const string InvalidJson = "invalid_json";
    public const string MissingParameter = "missing_required_parameter";
}
