namespace Aigc2d.ProviderAdapters.Tests.Kit;

/// <summary>Both generations of Wenxin, and Azure's way of being OpenAI.</summary>
public sealed partial record Family
{
    public static Family Azure => OpenAi with
    {
        Name = "azure",
        AddressAt = static sandbox => new Uri(sandbox, "openai?api-version=2024-10-21"),
        Errors = [.. OpenAi.Errors, new("status=400,code=content_filter", 400, "invalid_request", "content_policy_violation")],
    };

    public static readonly Family Wenxin = new("wenxin")
    {
        TellsInputFirst = true,
        Credential = "upstreamapikey1234:upstreamsecretkey1234",
        ReportsCached = false,
        ReportsReasoning = false,
        ShowsReasoning = false,
        CallsSeveralTools = false,
        PlainError = (503, "no_channel"),
        OpensWithRole = false,
        EndsByReason = false,
        Errors =
        [
            new("status=500", 502, "provider_error", "provider_error"),
            new("status=401", 502, "provider_error", "provider_error"),
            new("status=403", 502, "provider_error", "provider_error"),
            new("status=404", 404, "model_not_found", "model_not_found"),
            new("status=302", 502, "provider_error", "provider_error"),
            new("status=503", 503, "no_channel", "service_unavailable"),
            new("status=429,code=insufficient_quota", 502, "provider_error", "provider_error"),
            new("status=429,retryafter=7", 429, "rate_limited", "rate_limit_exceeded"),
            new("status=400", 400, "invalid_request", "invalid_value"),
            new("status=400,code=context_length_exceeded", 400, "invalid_request", "context_length_exceeded"),
            new("status=400,code=content_filter", 400, "invalid_request", "content_policy_violation"),
            new("error=17", 502, "provider_error", "provider_error"),
            new("error=336501", 429, "rate_limited", "rate_limit_exceeded"),
            new("status=502,error=336000", 502, "provider_error", "provider_error"),
        ],
    };

    public static readonly Family WenxinV2 = new("wenxin-v2")
    {
        PassesArguments = true,
        AnswerIdPrefix = "as-",
        MarksUsage = false,
        Errors =
        [
            new("status=500", 502, "provider_error", "provider_error"),
            new("status=401", 502, "provider_error", "provider_error"),
            new("status=401,code=invalid_model", 404, "model_not_found", "model_not_found"),
            new("status=403", 502, "provider_error", "provider_error"),
            new("status=403,code=model_offline", 503, "no_channel", "service_unavailable"),
            new("status=403,code=system_unsafe", 400, "invalid_request", "content_policy_violation"),
            new("status=404", 502, "provider_error", "provider_error"),
            new("status=429,retryafter=7", 429, "rate_limited", "rate_limit_exceeded"),
            new("status=400", 400, "invalid_request", "invalid_argument"),
            new("status=400,code=context_length_exceeded", 400, "invalid_request", "context_length_exceeded"),
        ],
    };
}
