namespace Aigc2d.ServiceDefaults.Http;

/// <summary>Anthropic's type of an error by its status (https://docs.anthropic.com/en/api/errors), the same wherever in the suite the error is found.</summary>
public static class AnthropicErrorTypes
{
    public static string Of(int status) => status switch
    {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        408 or 504 => "timeout_error",
        409 => "conflict_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        503 or 529 => "overloaded_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };
}
