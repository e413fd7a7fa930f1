namespace Aigc2d.Gateway.Tests.Abuses;

/// <summary>What a dialect's documentation says of the bodies of one route: valid ones to damage, and the type of each member.</summary>
/// <param name="Path">The route.</param>
/// <param name="Least">A body with nothing but what is required.</param>
/// <param name="Rich">A body with much of what is allowed.</param>
/// <param name="Integers">The members that are integers, with the least and the most of each.</param>
/// <param name="Members">The other members with the types they may have: s(tring), n(umber), b(oolean), o(bject), a(rray).</param>
internal sealed record BodyForm(string Path, string Least, string Rich, (string Name, long Least, long Most)[] Integers, (string Name, string Types)[] Members)
{
    private const string Limits = "\"max_tokens\":16,\"stop\":[\"x\"],\"temperature\":0.5,\"user\":\"u\"";
    private const string Tool = """{"type":"object","properties":{"city":{"type":"string","enum":["a","b"]}},"required":["city"]}""";
    public const string Image = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1Pe";

    private static readonly (string, string)[] Sampling = [("temperature", "n"), ("top_p", "n"), ("frequency_penalty", "n"), ("presence_penalty", "n"), ("logit_bias", "o"), ("stop", "sa"), ("user", "s"), ("stream", "b"), ("stream_options", "o")];
    private static readonly (string, string)[] Claude = [("model", "s"), ("messages", "a"), ("system", "sa"), ("tools", "a"), ("tool_choice", "o"), ("thinking", "o"), ("output_config", "o"), ("cache_control", "o")];
    private static readonly (string, string)[] ClaudeSampling = [("stop_sequences", "a"), ("stream", "b"), ("temperature", "n"), ("top_p", "n"), ("metadata", "o")];

    public static readonly BodyForm[] All =
    [
        new(
            "/v1/chat/completions",
            """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}]}""",
            $$$"""
            {"model":"gpt-4o-mini","messages":[{"role":"system","content":"be brief"},{"role":"user","name":"Ada","content":[{"type":"text","text":"\ud83d\ude00 人工"},{"type":"image_url","image_url":{"url":"data:image/png;base64,{{{Image}}}","detail":"low"}}]},
            {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"a\"}"}}]},{"role":"tool","tool_call_id":"c1","content":"21"}],
            "tools":[{"type":"function","function":{"name":"weather","description":"d","parameters":{{{Tool}}}}}],"tool_choice":"auto",{{{Limits}}},"n":2,"stream":true,"stream_options":{"include_usage":true},"metadata":{"k":"v"},"future":{"x":[1,{"y":2}]}}
            """,
            [("max_tokens", 1, int.MaxValue), ("max_completion_tokens", 1, int.MaxValue), ("n", 1, 128), ("top_logprobs", 0, 20), ("seed", long.MinValue, long.MaxValue)],
            [
                ("model", "s"), ("messages", "a"), ("logprobs", "b"), ("tools", "a"), ("tool_choice", "so"), ("parallel_tool_calls", "b"), ("functions", "a"), ("function_call", "so"), ("response_format", "o"),
                ("modalities", "a"), ("audio", "o"), ("prediction", "o"), ("reasoning_effort", "s"), ("verbosity", "s"), ("web_search_options", "o"), ("service_tier", "s"), ("store", "b"), ("metadata", "o"),
                ("safety_identifier", "s"), ("prompt_cache_key", "s"), ("prompt_cache_options", "o"), ("prompt_cache_retention", "s"), ("moderation", "o"), .. Sampling,
            ]),
        new(
            "/v1/completions",
            """{"model":"gpt-3.5-turbo-instruct","prompt":"hi"}""",
            $$$"""{"model":"gpt-3.5-turbo-instruct","prompt":["a","b \ud83d\ude00"],{{{Limits}}},"n":1,"best_of":2,"echo":false,"suffix":"z","logprobs":2,"stream":false,"future":{"y":[1,{"x":2}] }}""",
            [("max_tokens", 0, int.MaxValue), ("n", 1, 128), ("best_of", 0, 20), ("logprobs", 0, 5), ("seed", long.MinValue, long.MaxValue)],
            [("model", "s"), ("prompt", "sa"), ("echo", "b"), ("suffix", "s"), .. Sampling]),
        new(
            "/v1/embeddings",
            """{"model":"text-embedding-3-small","input":"hi"}""",
            """{"model":"text-embedding-3-small","input":["a","人工 \ud83d\ude00"],"encoding_format":"base64","dimensions":256,"user":"u","future":{"x":[1,{"y":2}]}}""",
            [("dimensions", 1, int.MaxValue)],
            [("model", "s"), ("input", "sa"), ("encoding_format", "s"), ("user", "s")]),
        new(
            "/v1/moderations",
            """{"input":"hi"}""",
            $$$$"""{"model":"omni-moderation-latest","input":[{"type":"text","text":"a \ud83d\ude00"},{"type":"image_url","image_url":{"url":"data:image/png;base64,{{{{Image}}}}"}}],"future":{"x":[1,{"y":2}]}}""",
            [],
            [("model", "s"), ("input", "sa")]),
        new(
            "/v1/messages",
            """{"model":"claude-haiku-4-5","max_tokens":16,"messages":[{"role":"user","content":"hi"}]}""",
            Conversation("\"max_tokens\":64,\"stop_sequences\":[\"x\"],\"stream\":true,\"temperature\":0.5,\"top_k\":5,\"metadata\":{\"user_id\":\"u\"}"),
            [("max_tokens", 0, int.MaxValue), ("top_k", 0, int.MaxValue)],
            [.. Claude, .. ClaudeSampling, ("service_tier", "s")]),
        new(
            "/v1/messages/count_tokens",
            """{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"hi"}]}""",
            Conversation("\"thinking\":{\"type\":\"disabled\"}"),
            [],
            Claude),
        new(
            "/v1/complete",
            """{"model":"claude-2","max_tokens_to_sample":16,"prompt":"\n\nHuman: hi\n\nAssistant:"}""",
            """{"model":"claude-2","max_tokens_to_sample":16,"prompt":"\n\nHuman: hi \ud83d\ude00\n\nAssistant:","stop_sequences":["\n\nHuman:"],"temperature":1,"top_k":5,"metadata":{"user_id":"u"},"stream":false,"future":{"x":[1,{"y":2}]}}""",
            [("max_tokens_to_sample", 1, int.MaxValue), ("top_k", 0, int.MaxValue)],
            [("model", "s"), ("prompt", "s"), .. ClaudeSampling]),
    ];

    public static BodyForm Of(string path) =>
        Array.Find(All, form => form.Path == path) ?? throw new InvalidOperationException($"{path} reads a body: describe it in {nameof(BodyForm)}, so that it is attacked like the others.");

    /// <summary>Every name that the dialect documents at the top.</summary>
    public IEnumerable<string> Names => Integers.Select(integer => integer.Name).Concat(Members.Select(member => member.Name)).Distinct(StringComparer.Ordinal);

    /// <summary>The least body with a member in it, in place of its own if it has one.</summary>
    public string With(string name, string value)
    {
        var body = System.Text.Json.Nodes.JsonNode.Parse(Least)!.AsObject();
        body.Remove(name);
        return body.Count == 0 ? $"{{\"{name}\":{value}}}" : body.ToJsonString()[..^1] + $",\"{name}\":{value}}}";
    }

    private static string Conversation(string others) =>
        $$$"""
        {"model":"claude-haiku-4-5","system":[{"type":"text","text":"be brief","cache_control":{"type":"ephemeral"}}],"messages":[
        {"role":"user","content":[{"type":"text","text":"\ud83d\ude00 人工"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"{{{Image}}}"}}]},
        {"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"weather","input":{"city":"a"}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"21"}]}],
        "tools":[{"name":"weather","description":"d","input_schema":{{{Tool}}}}],"tool_choice":{"type":"auto"},"future":{"x":[1,{"y":2}]},{{{others}}}}
        """;
}
