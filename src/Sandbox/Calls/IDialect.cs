using Aigc2d.Sandbox.Scripts;

namespace Aigc2d.Sandbox.Calls;

/// <summary>How one provider lets callers in, labels its answers and says no.</summary>
public interface IDialect
{
    /// <exception cref="RequestRefusedException">The caller shows no credential, or one that is no longer good.</exception>
    void CheckCaller(HttpRequest request);

    /// <summary>Request id and rate limits, on every answer.</summary>
    void WriteHeaders(HttpContext http, Script script);

    /// <summary>The request is at fault.</summary>
    IResult Refuse(HttpContext http, RequestRefusedException refused);

    /// <summary>The script asks for an error.</summary>
    IResult Fail(HttpContext http, Script script);
}
