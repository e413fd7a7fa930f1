using System.Globalization;
using Aigc2d.AppHost.Seeds;
using Microsoft.Extensions.Configuration;

namespace Aigc2d.AppHost.LocalRuns;

/// <summary>What a person reads when the suite is ready: addresses, and requests that work when they are pasted.</summary>
internal static class Summary
{
    public static string Text(RunSettings settings, IConfiguration configuration, DemoAccount demo, IReadOnlyList<string> realChannels) => string.Create(CultureInfo.InvariantCulture, $$"""
        Public API  http://127.0.0.1:{{settings.Port}}/v1
        Admin API   http://127.0.0.1:{{settings.AdminPort}}
        Operator    {{DashboardAddresses.OperatorUrl(configuration, settings)}}
        Providers   {{Providers(settings, realChannels)}}
        Variables   . {{settings.LocalEnvFile}}

        A chat, plain and streaming:
          curl -sS http://127.0.0.1:{{settings.Port}}/v1/chat/completions -H 'Authorization: Bearer {{demo.Key}}' -H 'Content-Type: application/json' -d '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello"}]}'
          curl -sSN http://127.0.0.1:{{settings.Port}}/v1/chat/completions -H 'Authorization: Bearer {{demo.Key}}' -H 'Content-Type: application/json' -d '{"model":"gpt-4o-mini","stream":true,"messages":[{"role":"user","content":"Hello"}]}'
        """);

    private static string Providers(RunSettings settings, IReadOnlyList<string> realChannels) => realChannels.Count > 0
        ? $"{string.Join(", ", realChannels)}, and the Sandbox for what they do not answer"
        : string.Create(CultureInfo.InvariantCulture, $"the Sandbox at http://127.0.0.1:{settings.SandboxPort} answers for every provider; set OPENAI_API_KEY, ANTHROPIC_API_KEY or QIANFAN_API_KEY for real ones");
}
