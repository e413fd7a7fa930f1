using System.Text.Json;
using Aigc2d.Sandbox.Calls;
using Aigc2d.Sandbox.Replies;

namespace Aigc2d.Sandbox.OpenAi;

/// <summary>Reads a chat request in OpenAI's format.</summary>
public static class OpenAiChatRequest
{
    private static readonly JsonElement AnyObject = JsonDocument.Parse("{}").RootElement;

    /// <exception cref="RequestRefusedException">The body is not a chat request.</exception>
    public static ChatRequest Read(ScriptedCall call)
    {
        var body = call.Body;
        if (call.Model.Name.Length == 0) throw new RequestRefusedException("you must provide a model parameter");
        var messages = body.Find("messages", JsonValueKind.Array) ?? throw new RequestRefusedException("Missing required parameter: 'messages'.") { Param = "messages" };
        var tools = body.Find("tools", JsonValueKind.Array);
        var streamOptions = body.Find("stream_options", JsonValueKind.Object);
        return new ChatRequest
        {
            Model = call.Model.Name,
            Stream = body.IsTrue("stream"),
            IncludeUsage = streamOptions?.IsTrue("include_usage") == true,
            UsageOnEveryFrame = streamOptions?.IsTrue("chunk_include_usage") == true,
            Choices = body.FindInteger("n") ?? 1,
            MaxTokens = body.FindInteger("max_completion_tokens") ?? body.FindInteger("max_tokens"),
            PromptTokens = SandboxTokens.CountPrompt(messages, tools),
            LastUserText = SandboxTokens.LastUserText(messages),
            ToolNames = tools is { } list ? [.. list.EnumerateArray().Select(tool => tool.Find("function")?.FindText("name")).OfType<string>()] : [],
            Stops = body.FindTexts("stop"),
            Schema = SchemaOf(body.Find("response_format", JsonValueKind.Object)),
        };
    }

    private static JsonElement? SchemaOf(JsonElement? format) => format?.FindText("type") switch
    {
        "json_object" => AnyObject,
        "json_schema" => format.Value.Find("json_schema")?.Find("schema", JsonValueKind.Object) ?? AnyObject,
        _ => null,
    };
}
