using Aigc2d.Sandbox.Calls;

namespace Aigc2d.Sandbox.OpenAi;

/// <summary>OpenAI's error envelope, with the four members that its schema requires.</summary>
public static class OpenAiError
{
    public static IResult Result(int status, string type, string? code, string message, string? param = null) =>
        SandboxJson.Result(new { error = new { message, type, param, code } }, status);
}
