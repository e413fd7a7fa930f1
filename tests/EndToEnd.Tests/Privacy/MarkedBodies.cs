using System.Text;

namespace Aigc2d.EndToEnd.Tests.Privacy;

/// <summary>Requests that have the marker in everything that a customer can say.</summary>
internal sealed class MarkedBodies(Marker marker)
{
    private readonly string _image = $"data:image/png;base64,{Convert.ToBase64String(Encoding.ASCII.GetBytes($"....{marker.Word}"))}";

    /// <summary>A friendly text.</summary>
    public string Words => $"Please say hello to {marker.Word} and wish it a good day.";

    public object Chat(string model, bool stream, string? words = null) => new
    {
        model,
        stream,
        max_tokens = 200,
        user = marker.Word,
        safety_identifier = marker.Word,
        prompt_cache_key = marker.Word,
        metadata = new { note = marker.Word },
        messages = new object[]
        {
            new { role = "system", content = words ?? Words },
            new { role = "user", name = marker.Word, content = Words },
            new { role = "assistant", content = Words, tool_calls = new[] { new { id = $"call_{marker.Word}", type = "function", function = new { name = Tool, arguments = $$"""{"name":"{{marker.Word}}"}""" } } } },
            new { role = "tool", tool_call_id = $"call_{marker.Word}", content = Words },
            new { role = "user", content = new object[] { new { type = "text", text = Words }, new { type = "image_url", image_url = new { url = _image } } } },
        },
        tools = new[] { new { type = "function", function = new { name = Tool, description = Words, parameters = Schema } } },
    };

    public object Messages(string model, bool stream, string? words = null) => new
    {
        model,
        stream,
        max_tokens = 200,
        system = Words,
        metadata = new { user_id = marker.Word },
        messages = new object[]
        {
            new { role = "user", content = words ?? Words },
            new { role = "assistant", content = new object[] { new { type = "text", text = Words }, new { type = "tool_use", id = $"toolu_{marker.Word}", name = Tool, input = new { name = marker.Word } } } },
            new { role = "user", content = new object[] { new { type = "tool_result", tool_use_id = $"toolu_{marker.Word}", content = Words }, new { type = "text", text = Words } } },
        },
        tools = new[] { new { name = Tool, description = Words, input_schema = Schema } },
    };

    public object Completion(string model, bool stream) => new { model, stream, prompt = Words, user = marker.Word, max_tokens = 50 };

    public object Complete(string model) => new { model, prompt = $"\n\nHuman: {Words}\n\nAssistant:", max_tokens_to_sample = 50, metadata = new { user_id = marker.Word } };

    public object Embedding(string model) => new { model, input = new[] { Words, marker.Word }, user = marker.Word };

    /// <summary>Too many words for any model here.</summary>
    public string Long => string.Concat(Enumerable.Repeat($"{Words} ", 1_000));

    private string Tool => $"greet_{marker.Word}";

    private object Schema => new { type = "object", properties = new Dictionary<string, object> { [marker.Word] = new { type = "string", description = Words } } };
}
