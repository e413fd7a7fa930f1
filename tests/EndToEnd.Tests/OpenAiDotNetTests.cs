using System.ClientModel;
using System.ClientModel.Primitives;
using Aigc2d.TestKit;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Models;

namespace Aigc2d.EndToEnd.Tests;

/// <summary>The official .NET client with nothing but base URL and key changed.</summary>
public sealed class OpenAiDotNetTests(Suite suite)
{
    [Fact]
    public async Task A_plain_chat_answers_and_is_charged_the_price_of_its_usage()
    {
        var (account, key) = await suite.CustomerAsync(10_000_000);
        var model = await suite.ModelAsync();

        ChatCompletion answer = await Chat(model, key).CompleteChatAsync([new UserChatMessage("Say hello.")], new ChatCompletionOptions { MaxOutputTokenCount = 50 });

        Assert.NotEmpty(answer.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        await Charges.AssertOneAsync(suite, account, answer.Usage.InputTokenCount, answer.Usage.OutputTokenCount, "completed");
    }

    [Fact]
    public async Task A_streamed_chat_arrives_in_pieces_and_is_charged_the_price_of_its_usage()
    {
        var (account, key) = await suite.CustomerAsync(10_000_000);
        var model = await suite.ModelAsync("chunks=20");
        var text = "";
        var pieces = 0;
        ChatTokenUsage? usage = null;

        await foreach (var update in Chat(model, key).CompleteChatStreamingAsync([new UserChatMessage("Say hello.")], new ChatCompletionOptions { MaxOutputTokenCount = 50 }))
        {
            pieces += update.ContentUpdate.Count;
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            usage = update.Usage ?? usage;
        }

        Assert.NotEmpty(text);
        Assert.True(pieces > 1, $"{pieces} pieces");
        await Charges.AssertOneAsync(suite, account, usage!.InputTokenCount, usage.OutputTokenCount, "completed");
    }

    [Fact]
    public async Task The_models_that_the_key_may_call_are_listed()
    {
        var (_, key) = await suite.CustomerAsync(10_000_000);
        var model = await suite.ModelAsync();

        OpenAIModelCollection models = await new OpenAIModelClient(new ApiKeyCredential(key), Options()).GetModelsAsync();

        Assert.Contains(model, models.Select(one => one.Id));
    }

    [Fact]
    public async Task A_refusal_is_a_client_error_with_its_code_and_one_request()
    {
        var (_, key) = await suite.CustomerAsync(0);
        var model = await suite.ModelAsync();

        var refused = await Assert.ThrowsAsync<ClientResultException>(() => Chat(model, key).CompleteChatAsync([new UserChatMessage("Say hello.")]));

        Assert.Equal(402, refused.Status);
        Assert.Contains("insufficient_quota", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_whose_provider_breaks_off_is_noticed_by_the_client_and_free()
    {
        var (account, key) = await suite.CustomerAsync(10_000_000);
        var model = await suite.ModelAsync("chunks=20,cut=10,interval=20ms");

        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await foreach (var _ in Chat(model, key).CompleteChatStreamingAsync([new UserChatMessage("Say hello.")]))
            {
            }
        });

        await Eventually.Equal((10_000_000, 0), () => suite.PointsOfAsync(account));
    }

    private OpenAIClientOptions Options() => new() { Endpoint = new Uri(suite.BaseUrl + "/v1"), RetryPolicy = new ClientRetryPolicy(0) };

    private ChatClient Chat(string model, string key) => new(model, new ApiKeyCredential(key), Options());
}
